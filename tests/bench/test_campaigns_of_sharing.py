"""S1, S2, S6: ``bin/prove matrix two-worlds consent``, as small as they can be: the programs run, and say what they found.

What each of them finds where there is a fault: tests/visibility/test_a_hole_is_found.py, tests/stories/test_the_consent_campaign.py.
"""

from __future__ import annotations

import json

from tests.bench.test_campaigns import ROOT, prove


def test_the_campaigns_hold() -> None:
    done = prove(ROOT, "matrix", "two-worlds", "consent", "--count", "2", "--json")
    assert done.returncode == 0, done.stderr[-3000:]
    found = {verdict["name"]: (verdict["checked"], verdict["bad"]) for verdict in json.loads(done.stdout)}
    assert found == {"matrix": (2, 0), "two-worlds": (2, 0), "consent": (2, 0)}
