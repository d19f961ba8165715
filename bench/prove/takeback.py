"""The takeback campaign (S7): what is taken back is refused at the next request, by every process.

See README.md beside this file.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from bench.prove.place import Place, throw_away
from bench.prove.takeback_judge import Asked, faults, longest

WAYS = ("withdraw", "narrow", "narrow to us", "erase", "block", "link", "look no more", "show no more")
WARM = 20.0  # seconds until everything that was told has to be there
BEFORE, AFTER = 0.3, 1.3  # seconds of asking on both sides of the commit
_numbers = random.Random()


def takeback(count: int, seed: int) -> tuple[int, int]:
    """Take ``count`` things back; return how many, and how many were given out afterwards."""
    chance, wrong, slowest, requests = random.Random(seed), [], 0.0, 0
    ways = [WAYS[number % len(WAYS)] for number in range(count)]
    chance.shuffle(ways)
    with (
        throw_away() as place,
        place.served(),
        place.second_web() as second,
        place.talking("parent", "bench.prove.takeback_act") as say,
    ):
        for way in ways:
            asked, committed = _taken_back(place, (place.port, second), say, way)
            wrong.append([f"{way}: {what}" for what in faults(asked, committed)])
            slowest = max(slowest, longest(asked, committed))
            requests += len(asked)
    for what in (what for found in wrong for what in found):
        print(f"  {what}", file=sys.stderr)
    print(f"  {requests} requests; refused everywhere {slowest:.2f} s after the commit at the latest", file=sys.stderr)
    return len(wrong), sum(map(bool, wrong))


def _taken_back(place: Place, ports: tuple[int, int], say: Callable[[str], str], way: str) -> tuple[list[Asked], float]:
    """Have something told, ask both processes for it without a pause, and have it taken back meanwhile."""
    told = json.loads(say(json.dumps({"do": "tell", "way": way})))
    until = time.monotonic() + WARM
    for port in ports:
        for address in told["addresses"]:
            while not _ask(place, port, address, told["cookie"]).given:
                if time.monotonic() > until:
                    raise RuntimeError(f"{way}: {address['what']} does not show what was told")
    asked: list[Asked] = []
    over = threading.Event()

    def keeps_asking(port: int, addresses: list[dict[str, Any]]) -> None:
        while not over.is_set():
            asked.extend([_ask(place, port, address, told["cookie"]) for address in addresses])

    halves = [told["addresses"][::2], told["addresses"][1::2]]
    threads = [threading.Thread(target=keeps_asking, args=(port, half)) for port in ports for half in halves]
    for thread in threads:
        thread.start()
    time.sleep(BEFORE)
    committed = json.loads(say(json.dumps({"do": "take back", "way": way})))["committed"]
    time.sleep(AFTER)
    over.set()
    for thread in threads:
        thread.join()
    return asked, committed


def _ask(place: Place, port: int, address: dict[str, Any], cookie: str) -> Asked:
    # Each comes from an address of its own: this is not about how often one may ask (M6).
    number = _numbers.getrandbits(24)
    headers = {"X-Forwarded-For": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", "Cookie": cookie}
    began = time.monotonic()
    status, body = place.ask(address["path"], address.get("form"), headers=headers, port=port)
    given = status == 200 and address["holds"].encode() in body
    return Asked(address["what"], port, began, time.monotonic(), given)
