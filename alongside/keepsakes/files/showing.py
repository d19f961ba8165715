"""A photo or a voice as pages show it: folded until somebody unfolds it, and then by an address that does not last (P1, V7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse

from alongside import ids
from alongside.accounts.choices import ASK, FOLDED, OPEN
from alongside.keepsakes.models import Memory, MemoryObject
from alongside.media.addresses import good_for

Part = MemoryObject.Part
HEIGHT = 100


@dataclass(frozen=True, slots=True)
class Looking:
    """How somebody looks at one page: what they chose, what they asked to be unfolded, and the page's own address."""

    chosen: str = ASK
    unfolded: frozenset[str] = frozenset()
    page: str = ""

    def is_open(self, memory: Memory) -> bool:
        """Whether this photograph stands on the page."""
        if self.chosen != ASK:
            return self.chosen == OPEN
        return not memory.file.about.baby or ids.show(memory.pk) in self.unfolded

    def address(self, unfolded: Iterable[str], part: str) -> str:
        """Return the page's address with just these unfolded, leading to one part of it."""
        asks = "&".join(f"unfold={one}" for one in sorted(unfolded))
        joint = "&" if "?" in self.page else "?"
        return f"{self.page}{joint if asks else ''}{asks}#{part}"


@dataclass(frozen=True, slots=True)
class Large:
    """The largest picture of a photograph, as a page of its own shows it."""

    src: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """A photograph, folded (every address of its bytes is "") or unfolded."""

    unfolded: bool
    may_unfold: bool
    is_veiled: bool
    baby: bool
    unfold_url: str
    fold_url: str
    src: str = ""
    srcset: str = ""
    width: int = 0
    height: int = 0
    large: Large | None = None

    @property
    def is_tall(self) -> bool:
        """Whether it is higher than wide: then its width is held back, so that all of it is seen at once."""
        return self.height > self.width


@dataclass(frozen=True, slots=True)
class ShownVoice:
    """A recording: where it is heard, how long it is, and the shape of its sound as lines (x, y, height) in a field of 100."""

    src: str
    length: str
    lines: Sequence[tuple[float, float, float]]


def photo(memory: Memory, looking: Looking) -> ShownPhoto:
    """Return a photograph as this page shows it."""
    shown, unfolded, baby = ids.show(memory.pk), looking.is_open(memory), memory.file.about.baby
    part = f"thing-{shown}"
    folded = ShownPhoto(
        unfolded=False,
        may_unfold=looking.chosen == ASK,
        is_veiled=baby and looking.chosen == ASK,
        baby=baby,
        unfold_url=looking.address(looking.unfolded | {shown}, part),
        fold_url=looking.address(looking.unfolded - {shown}, part),
    )
    sizes = {one.part: one for one in memory.objects_kept.all()} if unfolded else {}
    if Part.PAGE not in sizes:
        return folded
    page = sizes[Part.PAGE]
    large = sizes.get(Part.LARGE, page)
    addresses = {part: address(memory, part) for part in (Part.SMALL, Part.PAGE, Part.LARGE)}
    srcset = ", ".join(f"{addresses[part]} {sizes[part].width}w" for part in (Part.SMALL, Part.PAGE) if part in sizes)
    return replace(
        folded,
        unfolded=True,
        src=addresses[Part.PAGE],
        srcset=srcset,
        width=page.width,
        height=page.height,
        large=Large(addresses[Part.LARGE], large.width, large.height),
    )


def address(memory: Memory, part: str) -> str:
    """Return an address of one of its pictures that is good from now on, for a while."""
    return f"{reverse('keepsakes:photo', args=[memory.pk, part])}?good={good_for(ids.show(memory.pk), part)}"


def voice(memory: Memory) -> ShownVoice:
    """Return a recording as pages show it."""
    about = memory.file.about
    good = good_for(ids.show(memory.pk), Part.SOUND)
    return ShownVoice(
        src=f"{reverse('keepsakes:sound', args=[memory.pk])}?good={good}",
        length=length(about.seconds),
        lines=list(_lines(about.peaks)),
    )


def _lines(peaks: Sequence[int]) -> Iterable[tuple[float, float, float]]:
    for place, peak in enumerate(peaks):
        tall = max(4.0, peak * HEIGHT / 100)
        yield (round((place + 0.25) * 100 / len(peaks), 2), round((HEIGHT - tall) / 2, 1), round(tall, 1))


def length(seconds: float) -> str:
    """Return how long it is: 0:48, 12:05."""
    whole = max(1, round(seconds))
    return f"{whole // 60}:{whole % 60:02}"


NEVER_OPEN = Looking(chosen=FOLDED)
"""For pages on which no photograph is looked at."""
