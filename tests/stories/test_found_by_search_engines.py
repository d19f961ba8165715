"""V2, S8: search engines find a story that every parent lets them find, and nothing else; crawlers for models find nothing."""

from __future__ import annotations

import re
from urllib.robotparser import RobotFileParser

import pytest

from alongside import ids
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.moderation.models import Hold
from alongside.request_crawlers import FEED_MODELS, SEARCH_ENGINES
from alongside.stories.models import Story
from alongside.visibility.audience import Audience
from tests.cast import NOW, Cast, draft, says_yes, words
from tests.home.browser import Browser

pytestmark = pytest.mark.django_db

GOOGLE = {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}
A_MODEL = {"User-Agent": "Mozilla/5.0 AppleWebKit/537.36 (compatible; GPTBot/1.2; +https://openai.com/gptbot)"}
STATES = ("asked", "open", "held", "withdrawn", "erasing")


def tells(cast: Cast, flags: tuple[bool, ...], *, audience: str = "open", state: str = "open") -> Story:
    """Return a story of as many chapters as there are flags, in one state."""
    first, *others = (words(f"Words {flag}.", search_engines=flag) for flag in flags)
    story = draft(cast.mara, cast.box, first)
    for said in others:
        with acting_for(cast.mara.pk):
            story.add_chapter(cast.mara, said, now=NOW)
    says_yes(story, cast.mara, *([] if state == "asked" else [cast.tobias]), to=Audience(audience))
    hold = Hold.objects.create(reason=Hold.Reason.FIRST_WORDS, held_at=NOW) if state == "held" else None
    if state == "withdrawn":
        with acting_for(cast.mara.pk):
            story.withdraw(cast.mara, NOW)
    # What was wanted stays written on the row, so that nothing but its state keeps it shut.
    Story.objects.filter(pk=story.pk).update(
        hold=hold, audience=audience, erasing_at=NOW if state == "erasing" else None
    )
    return story


def url(story: Story) -> str:
    return f"/read/{ids.show(story.pk)}/"


@pytest.mark.parametrize("flags", [(True,), (False,), (True, True), (True, False), (False, True)], ids=str)
@pytest.mark.parametrize("audience", ["family", "invited", "lived", "members", "open"])
def test_v2_one_kind_of_page_may_be_found_whatever_the_audience_the_state_and_the_flag(
    cast: Cast, audience: str, flags: tuple[bool, ...]
) -> None:
    people: list[Account | None] = [None, cast.ruth, cast.mara]
    for state in STATES:
        story = tells(cast, flags, audience=audience, state=state)
        agreed = (audience, state) == ("open", "open") and all(flags)
        for account in people:
            answer = Browser(account).get(url(story))
            may_be_found = "noindex" not in answer["X-Robots-Tag"]
            assert may_be_found == (agreed and account is None), (state, account)
            assert "noarchive" in answer["X-Robots-Tag"]
            assert "noai" in answer["X-Robots-Tag"]
            assert answer["Cache-Control"] == "no-store, private"
        answer = Browser().get(url(story), headers=GOOGLE)
        assert answer.status_code == (200 if agreed else 404), state
        assert Browser().get(url(story), headers=A_MODEL).status_code == 403, state
        assert ("Words" in Browser().get("/read/", headers=GOOGLE).content.decode()) == agreed, state
        Story.objects.filter(pk=story.pk).update(erasing_at=NOW)


def test_c2_a_version_that_not_everyone_agreed_to_changes_nothing(cast: Cast) -> None:
    story = tells(cast, (False,))
    with acting_for(cast.mara.pk):
        story.chapters.get().revise(
            cast.mara, words("Now found.", search_engines=True), circumstances=Circumstances(), now=NOW
        )
    assert "noindex" in Browser().get(url(story))["X-Robots-Tag"]
    says_yes(story, cast.mara)
    assert "noindex" in Browser().get(url(story))["X-Robots-Tag"]
    says_yes(story, cast.tobias)
    assert "noindex" not in Browser().get(url(story))["X-Robots-Tag"]


def test_v5_narrowing_and_taking_back_end_it_at_the_next_request(cast: Cast) -> None:
    story = tells(cast, (True,))
    assert Browser().get(url(story), headers=GOOGLE).status_code == 200
    says_yes(story, cast.mara, to=Audience.MEMBERS)
    assert Browser().get(url(story), headers=GOOGLE).status_code == 404
    assert "noindex" in Browser().get(url(story))["X-Robots-Tag"]


def test_p1_what_is_unfolded_is_never_found(cast: Cast) -> None:
    story = tells(cast, (True,))
    for query in ("?unfold=x", "?open=x", "?listen=x", "?x"):
        assert "noindex" in Browser().get(url(story) + query)["X-Robots-Tag"]
        assert Browser().get(url(story) + query, headers=GOOGLE).status_code == 403


@pytest.mark.parametrize(
    "path", ["/", "/find/", "/write/", "/help/", "/care/", "/about/", "/sign-in/", "/box/", "/join/"]
)
def test_every_other_page_says_noindex_and_is_not_for_crawlers(path: str) -> None:
    assert "noindex" in Browser().get(path)["X-Robots-Tag"]
    for crawler in (GOOGLE, A_MODEL):
        assert Browser().get(path, headers=crawler).status_code == 403


def test_the_list_is_never_found_and_shows_engines_only_what_they_may_find(cast: Cast) -> None:
    agreed, other = tells(cast, (True,)), tells(cast, (False,))
    answer = Browser().get("/read/", headers=GOOGLE)
    assert "noindex" in answer["X-Robots-Tag"]
    assert url(agreed) in answer.content.decode()
    assert url(other) not in answer.content.decode()
    assert url(other) in Browser().get("/read/").content.decode()


@pytest.mark.parametrize("name", FEED_MODELS)
def test_s8_a_crawler_that_feeds_models_gets_nothing_but_robots_txt(cast: Cast, name: str) -> None:
    story, crawler = tells(cast, (True,)), {"User-Agent": f"Mozilla/5.0 (compatible; {name}/1.0)"}
    for path in (url(story), "/read/", "/"):
        assert Browser().get(path, headers=crawler).status_code == 403
    assert Browser().get("/robots.txt", headers=crawler).status_code == 200


def test_nobody_is_turned_away_for_the_name_of_their_telephone() -> None:
    for phone in ("CUBOT_X19", "HUAWEI P30", "SM-G991B", "iPhone; CPU iPhone OS 18_0 like Mac OS X"):
        said = f"Mozilla/5.0 (Linux; Android 9; {phone}) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
        assert Browser().get("/", headers={"User-Agent": said}).status_code == 200


def test_robots_txt_names_nobodys_page_and_asks_all_away_but_search_engines_from_all_but_reading(cast: Cast) -> None:
    story = tells(cast, (True,))
    said = Browser().get("/robots.txt")
    assert said["Content-Type"].startswith("text/plain")
    text = said.content.decode()
    assert ids.show(story.pk) not in text
    assert not re.search(r"[\w-]{22}/", text)
    groups = {name: group for group in text.split("\n\n") for name in re.findall("User-agent: (.*)", group)}
    assert set(groups) == {*FEED_MODELS, *SEARCH_ENGINES, "*"}
    for name in (*FEED_MODELS, "*"):
        assert re.findall(r"(?:Dis)?[Aa]llow: .*", groups[name]) == ["Disallow: /"]
    for name in SEARCH_ENGINES:
        assert "Disallow: /\n" in groups[name] + "\n"
    rules = RobotFileParser()
    rules.parse(text.splitlines())
    for name in ("GPTBot", "Wayback", "SomebodysScraper"):
        assert not rules.can_fetch(name, url(story))
    assert rules.can_fetch("Googlebot", url(story))
    assert not rules.can_fetch("Googlebot", "/box/")


def test_s8_a_link_that_is_sent_shows_no_word_of_the_story(cast: Cast) -> None:
    story = tells(cast, (True,))
    head = Browser().get(url(story)).content.decode().partition("</head>")[0]
    assert re.findall("<title>(.*?)</title>", head) == ["Read · Alongside"]
    for trace in ("og:", "twitter:", 'name="description"', "application/ld+json", "canonical", "Ansel", "Words"):
        assert trace not in head
