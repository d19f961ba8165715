"""``python -m bench.prove.kills_serve serve …``: the product's own supervisor, for a machine that is killed every three seconds.

Only one thing is otherwise: a process counts as well started after a second and not after a minute, or else the pauses
that keep a process which cannot start from burning the machine would grow to half a minute and be all that is seen.
"""

from __future__ import annotations

import sys

from alongside import __main__ as door
from alongside import serve

serve._STEADY = 1.0

if __name__ == "__main__":
    sys.exit(door.main())
