"""An invented community of any size, to measure with: real rows, real keys, real sealed words, nobody's story.

Rows are copied in by the owner, past the verbs, since a million publications would take a day; what the verbs
promise is checked over all of them at the end. Vectors are composed from a pool of encoded sentences.
"""

from __future__ import annotations

import json
import random
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connections, models, transaction
from django.db.backends.utils import CursorWrapper
from numpy.typing import NDArray

from alongside import ids
from alongside.accounts.models import Account, Profile
from alongside.demo.sample import read_families
from alongside.env import BadSetting
from alongside.families.circumstances import Circumstances
from alongside.families.models import Family, Parent
from alongside.families.vocabulary import vocabulary
from alongside.keepsakes.models import Cloth, KeepsakeBox
from alongside.language import meaning
from alongside.language.encoder import encoder
from alongside.matching import kept
from alongside.matching.index import configuration
from alongside.matching.reading import Reading
from alongside.stories.models import WORDING, Chapter, Consent, Revision, Story
from alongside.stories.words import Words, beats_of
from alongside.vault import vaults
from alongside.visibility.audience import Audience

BATCH = 1000
MOST_SENTENCES = 300
STORIES_AN_ACCOUNT = 10
_BEGIN = datetime(2015, 1, 1, tzinfo=UTC)
_SPAN = timedelta(days=4300)
_AUDIENCES = [Audience.OPEN] * 80 + [Audience.MEMBERS] * 12 + [Audience.LIVED] * 6 + [Audience.FAMILY] * 2


@dataclass(frozen=True)
class _Pool:
    """Sentences by language with their vectors, so that no story has to be encoded."""

    sentences: dict[str, list[str]]
    vectors: dict[str, NDArray[np.float32]]

    @classmethod
    def fill(cls) -> _Pool:
        """Take the sentences of the sample community, some hundred in each language."""
        said: dict[str, list[str]] = {}
        for family in read_families():
            for story in family.stories:
                text = " ".join(chapter["text"] for chapter in story["chapter"])
                said.setdefault(story["language"], []).extend(re.findall(r"[^.?!\n]{20,200}[.?!]", text))
        kept = {language: said[language][:MOST_SENTENCES] for language in ("en", "es", "fr", "de")}
        return cls(kept, {language: _meanings(part, language) for language, part in kept.items()})

    def story(self, chance: random.Random) -> tuple[str, str, NDArray[np.float16]]:
        """Return language, text and vector of one story."""
        language = chance.choices(list(self.sentences), weights=[70, 10, 10, 10])[0]
        picked = chance.sample(range(len(self.sentences[language])), chance.randint(4, 12))
        mean = self.vectors[language][picked].mean(axis=0)
        mean += np.random.default_rng(chance.getrandbits(32)).normal(0, 0.01, mean.shape).astype(np.float32)
        text = "\n\n".join(self.sentences[language][number] for number in picked)
        return language, text, (mean / np.linalg.norm(mean)).astype("<f2")


def _meanings(sentences: list[str], language: str) -> NDArray[np.float32]:
    return meaning.unit(encoder.encode(sentences) - meaning.mean("sentence", language))


def generate(stories: int, seed: int = 1) -> int:
    """Add ``stories`` invented stories; the same seed gives the same words and circumstances.

    Raises BadSetting where real people are: their community is no place to measure in.
    """
    if Account.objects.exclude(email__endswith="@example.org").exists():
        raise BadSetting("generate adds invented people; this installation holds real ones (ALONGSIDE_DATA)")
    chance, pool, made = random.Random(seed), _Pool.fill(), 0  # noqa: S311 - nothing secret is drawn
    while made < stories:
        size = min(BATCH, stories - made)
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            _add(cursor, size, chance, pool)
        made += size
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT count(*) FROM stories_story WHERE stories_lacks_a_yes(id)")
        assert cursor.fetchone() == (0,), "a generated story lacks a yes"
    return made


def _add(cursor: CursorWrapper, size: int, chance: random.Random, pool: _Pool) -> None:
    cursor.execute("SET LOCAL session_replication_role = replica")
    tellers = _tellers(cursor, -(-size // STORIES_AN_ACCOUNT))
    items = [ids.new_id() for _ in range(size)]
    keys = vaults.create_many("story", size, [[item] for item in items])
    rows: dict[type[models.Model], list[models.Model]] = {Story: [], Chapter: [], Revision: [], Consent: []}
    entries = []
    for number in range(size):
        parent, box = tellers[number // STORIES_AN_ACCOUNT]
        entry = _story(rows, parent, box, keys[number], items[number], chance, pool)
        if entry:
            entries.append(entry)
    for model, instances in rows.items():
        _copy(cursor, model, instances)
    _copy_entries(cursor, entries)


def _tellers(cursor: CursorWrapper, count: int) -> list[tuple[Parent, KeepsakeBox]]:
    """Add accounts, each alone in a family with a box."""
    kept: dict[type[models.Model], list[models.Model]] = {
        model: [] for model in (Account, Profile, Family, Parent, KeepsakeBox)
    }
    found = []
    homes, accounts = vaults.create_many("box", count), vaults.create_many("account", count)
    for home, vault in zip(homes, accounts, strict=True):
        account = Account(email=f"g{ids.new_id().hex}@example.org", vault=vault, created_at=_BEGIN, admitted_at=_BEGIN)
        profile = Profile(account=account, lived_at=_BEGIN)
        profile.name = "Somebody invented"
        family = Family(created_at=_BEGIN)
        parent = Parent(family=family, account=account, joined_at=_BEGIN)
        box = KeepsakeBox(family=family, vault=home, cloth=Cloth.SAGE, created_at=_BEGIN)
        for row in (account, profile, family, parent, box):
            kept[type(row)].append(row)
        found.append((parent, box))
    for model, instances in kept.items():
        _copy(cursor, model, instances)
    return found


def _story(
    rows: dict[type[models.Model], list[models.Model]],
    parent: Parent,
    box: KeepsakeBox,
    vault: uuid.UUID,
    item: uuid.UUID,
    chance: random.Random,
    pool: _Pool,
) -> tuple[Any, ...] | None:
    """Make one story's rows; return its index row when strangers may find it."""
    language, text, vector = pool.story(chance)
    facts, told = _facts(chance), _BEGIN + _SPAN * chance.random()
    audience = chance.choice(_AUDIENCES)
    story = Story(
        family=parent.family, box=box, teller=parent.account, vault=vault, cloth=chance.choice(Cloth.values),
        language=language, audience=audience, created_at=told, asked_at=told, published_at=told,
    )  # fmt: skip
    chapter = Chapter(story=story, place=0, created_at=told)
    revision = Revision(chapter=chapter, number=1, author=parent.account, made_at=told, item=item)
    revision.words = Words(title="Somebody", beats=beats_of(text), told_by="Somebody invented")
    revision.circumstances = facts
    chapter.open_revision = revision
    consent = Consent(
        parent=parent, revision=revision, audience=audience, covers=audience,
        answer=Consent.Answer.YES, wording=WORDING, digest=revision.digest(audience), at=told,
    )  # fmt: skip
    for row in (story, chapter, revision, consent):
        rows[type(row)].append(row)
    if not audience.reaches_strangers:
        return None
    return story.pk, language, text, vector.tobytes(), facts


def _facts(chance: random.Random) -> Circumstances:
    said = vocabulary()
    return Circumstances(
        kinds=(chance.choice(list(said.kinds)),),
        weeks=chance.choice([None, chance.randint(4, 41)]),
        relation=chance.choices(list(said.relations), weights=[40, 5, 20, *[1] * (len(said.relations) - 3)])[0],
        themes=tuple(chance.sample(list(said.themes), chance.randint(0, 5))),
        since_months=chance.choice([None, chance.randint(0, 480)]),
    )


def _copy(cursor: CursorWrapper, model: type[models.Model], instances: Sequence[models.Model]) -> None:
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    names = ", ".join(f'"{field.column}"' for field in fields)
    with cursor.cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy:
        for instance in instances:
            copy.write_row([_plain(field, instance) for field in fields])


def _copy_entries(cursor: CursorWrapper, entries: Sequence[tuple[Any, ...]]) -> None:
    """Copy index rows by way of a temporary table, so that PostgreSQL makes the full-text value."""
    cursor.execute(
        "CREATE TEMPORARY TABLE fresh (story uuid, language text, config text, words text, vector bytea, "
        "chosen jsonb, read jsonb, kinds text[], relation text, weeks int, since int, themes text[], expecting bool) ON COMMIT DROP"
    )
    with cursor.cursor.copy("COPY fresh FROM STDIN") as copy:
        nothing_read = json.dumps(kept.to_json(Reading()))
        for story, language, text, vector, facts in entries:
            expecting = bool({"pregnant_again", "parenting_after"} & set(facts.themes))
            copy.write_row(
                [story, language, configuration(language), text, vector, json.dumps(facts.to_json()),
                 nothing_read,
                 list(facts.kinds), facts.relation, facts.weeks, facts.since_months, list(facts.themes), expecting]
            )  # fmt: skip
    cursor.execute(
        "INSERT INTO matching_entry (story_id, language, words, vector, chosen, read, kinds, relation, weeks, "
        "since_months, themes, new_pregnancy) SELECT story, language, to_tsvector(config::regconfig, words), vector, "
        "chosen, read, kinds, relation, weeks, since, themes, expecting FROM fresh"
    )


def _plain(field: models.Field[Any, Any], instance: models.Model) -> Any:
    value = getattr(instance, field.attname)
    return bytes(value) if isinstance(value, memoryview) else value
