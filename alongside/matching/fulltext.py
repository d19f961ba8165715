"""Full-text search over what may be found, in the reader's languages, newest told first."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from alongside.matching.index import CONFIGURATIONS, configuration
from alongside.stories.models import Story, StoryQuerySet
from alongside.visibility.reader import Reader


def _by_configuration(wanted: set[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code in sorted(wanted or CONFIGURATIONS):
        found.setdefault(configuration(code), []).append(code)
    return found


def search(words: str, reader: Reader, languages: Iterable[str]) -> StoryQuerySet:
    """Return the stories this reader may see that hold ``words`` (as on a search page: "phrase", -not, or)."""
    wanted = set(languages)
    holds = Q(pk__in=[])
    # One condition for each configuration, however many languages somebody says they read.
    for name, codes in _by_configuration(wanted).items():
        asked = SearchQuery(words.replace("\x00", " "), config=name, search_type="websearch")
        holds |= Q(entry__language__in=codes, entry__words=asked)
    return Story.objects.visible_to(reader).told().filter(holds).newest_told_first()
