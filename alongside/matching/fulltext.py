"""Full-text search over what may be found, in the reader's languages, newest told first."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from alongside.matching.index import CONFIGURATIONS, configuration
from alongside.stories.models import Story, StoryQuerySet
from alongside.visibility.reader import Reader


def search(words: str, reader: Reader, languages: Iterable[str]) -> StoryQuerySet:
    """Return the stories this reader may see that hold ``words`` (as on a search page: "phrase", -not, or)."""
    codes = sorted(languages) or sorted(CONFIGURATIONS)
    holds = Q(pk__in=[])
    for code in codes:
        asked = SearchQuery(words.replace("\x00", " "), config=configuration(code), search_type="websearch")
        holds |= Q(entry__language=code, entry__words=asked)
    return Story.objects.visible_to(reader).told().filter(holds).newest_told_first()
