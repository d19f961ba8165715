"""Run by ``bench near`` in a process of its own: fill a throw-away installation and time searches in it."""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time

import django

django.setup()

import numpy as np  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from alongside.database.viewer import set_viewer  # noqa: E402
from alongside.demo.generate import generate  # noqa: E402
from alongside.installation import database_running, prepare  # noqa: E402
from alongside.language.encoder import encoder  # noqa: E402
from alongside.matching.held import held  # noqa: E402
from alongside.matching.nearest import nearest, rows  # noqa: E402
from alongside.matching.seeking import Seeking  # noqa: E402
from alongside.stories.models import Story  # noqa: E402
from alongside.visibility.reader import Reader  # noqa: E402

SENTENCES = (
    "our son died at 20 weeks, the placenta. I did not want photos and now I am glad we have them",
    "missed miscarriage at the 12 week scan, nobody told me it would be like this",
    "my wife lost our daughter at 38 weeks and I am back at work on Monday",
    "perdimos a nuestra hija a las 30 semanas, el cordón",
    "une IMG à 22 semaines, trisomie 18, je n'arrive pas à le dire",
    "unser Sohn starb in der 24. Woche, ich bin der Vater",
    "my grandson was born too early and lived four days",
    "twins, one of them died, everyone says at least I have the other",
    "ectopic, they took the tube, third loss",
    "it was 1974 and they took her away before I could see her",
)
ROUNDS = 20


def _search(sentence: str) -> tuple[float, int, list[str]]:
    began = time.perf_counter()
    with transaction.atomic():
        set_viewer(None)
        now = timezone.now()
        found = nearest(Seeking.of_sentence(sentence, now), Reader.guest(), limit=20, now=now)
        opened = rows(found, Reader.guest(), now)
    return (time.perf_counter() - began) * 1000, len(opened), [str(one.id) for one in found[:10]]


def _exact(sentence: str) -> list[str]:
    """Score every story there is and ask the policy about each, without any short cut."""
    now = timezone.now()
    index = held(now)
    scores = index.shelf.scores(Seeking.of_sentence(sentence, now).seeker)
    visible = set(Story.objects.visible_to(Reader.guest()).told().values_list("pk", flat=True))
    allowed = [place for place, pk in enumerate(index.ids) if pk in visible and not index.new_pregnancy[place]]
    best = sorted(allowed, key=lambda place: -float(scores[place]))[:10]
    return [str(index.ids[place]) for place in best]


def main(size: int) -> None:
    with database_running():
        prepare()
        began = time.perf_counter()
        generate(size, seed=7)
        generated = size / (time.perf_counter() - began)
        encoder.warm()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        _search(SENTENCES[0])
        memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000
        runs = [(sentence, *_search(sentence)) for _ in range(ROUNDS) for sentence in SENTENCES]
        encoding = []
        for sentence in SENTENCES:
            began = time.perf_counter()
            encoder.encode([sentence])
            encoding.append((time.perf_counter() - began) * 1000)
        firsts = {sentence: found for sentence, _, _, found in runs}
        with transaction.atomic():
            set_viewer(None)
            recall = [len(set(_exact(sentence)) & set(found)) / 10 for sentence, found in firsts.items()]
    times = [took for _, took, _, _ in runs]
    print(
        json.dumps(
            {
                "p50": statistics.median(times),
                "p99": float(np.percentile(times, 99)),
                "encoding": statistics.median(encoding),
                "recall": statistics.mean(recall),
                "shortest": min(count for _, _, count, _ in runs),
                "generated": generated,
                "memory": memory,
            }
        )
    )


main(int(sys.argv[1]))
