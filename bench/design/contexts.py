"""Invented contexts for the preview: every name and sentence here is made up."""

from __future__ import annotations

from typing import Any

from django import forms

UNSURE = [("unsure", "I'm not sure"), ("unsaid", "I'd rather not say")]


class Sentence(forms.Form):
    sentence = forms.CharField(widget=forms.Textarea, error_messages={"required": "Even one word is enough"})


class Words(forms.Form):
    words = forms.CharField(label="Words")


class Country(forms.Form):
    country = forms.ChoiceField(label="Country", choices=[("GB", "United Kingdom"), ("IE", "Ireland"), ("FR", "France")])


class Languages(forms.Form):
    languages = forms.MultipleChoiceField(
        label="I read",
        choices=[("en", "English"), ("es", "Español"), ("fr", "Français"), ("de", "Deutsch")],
        widget=forms.CheckboxSelectMultiple,
    )


class Choose(forms.Form):
    kind = forms.ChoiceField(
        label="What happened", choices=[("", "Choose, or leave open"), ("a", "Our baby died before birth"), *UNSURE]
    )
    far_along = forms.ChoiceField(label="How far along", choices=[("", "Choose, or leave open"), ("a", "20 to 24 weeks"), *UNSURE])
    how_long_ago = forms.ChoiceField(
        label="How long ago",
        widget=forms.RadioSelect,
        choices=[("days", "Days"), ("weeks", "Weeks"), ("months", "Some months"), ("years", "Years"), ("decades", "Decades"), *UNSURE],
    )
    who = forms.ChoiceField(label="Who I am", choices=[("", "Choose, or leave open"), ("f", "I'm the father"), *UNSURE])
    themes = forms.MultipleChoiceField(
        label="More about it",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("scan", "found at a scan"), ("quiet", "a partner who grieves differently"), ("hold", "saw and held our baby")],
    )


def row(cloth: str, sentence: str, title: str, teller: str, **more: str) -> dict[str, str]:
    return {"url": "/read/x/", "cloth": cloth, "sentence": sentence, "title": title, "teller": teller, "lang": "en", **more}


ANSEL = row(
    "slate",
    "Tobias didn't want the photographs kept. I did. They lived in an envelope behind the towels for seven months.",
    "Ansel",
    "Mara",
    reasons="Also 24 weeks. Also found at a scan. Also a partner who went quiet.",
)
IDRIS = row(
    "heather",
    "He went back to work on the Monday because somebody had to, he said. I was angry with him until June.",
    "Idris",
    "Hana",
    reasons="Also a son. Also a partner who went quiet. Later, at 31 weeks.",
)
KOFI = row("clay", "I built the shelf anyway. My hands needed to know something.", "Idris", "Kofi", reasons="Also a son.")
NOA = row(
    "flax",
    "Nine years. I say her name at the dentist now, when they ask how many children.",
    "Noa",
    "Ruth",
    reasons="Earlier, at 19 weeks. Nine years on.",
)
ALMA = row("sage", "Nadie me había dicho que la leche vendría igual.", "Alma", "Inés", lang="es", told="five years ago")
LINE = {"name": "the Harbour Lane line", "number": "01632 960 014", "tel": "+441632960014", "open_until": "2 am", "opens_again": "", "at_any_hour": False, "now": None}
SHUT = {**LINE, "open_until": "", "opens_again": "9 am", "now": {"name": "Night Watch", "number": "01632 960 777", "tel": "+441632960777"}}
VOICE = {
    "sentence": "I read for three weeks before I wrote a word. Nobody minded.",
    "lang": "en", "title": "Wren", "teller": "Oluchi", "cloth": "sage", "url": "/read/x/",
}  # fmt: skip
SAID = "24 weeks. A boy. They found it at the scan. My husband won't talk about it."
CARD = {
    "name": "Harbour Lane", "what": "Anyone touched by the death of a baby", "number": "01632 960 014", "tel": "+441632960014", "sms": "",
    "url_text": "harbourlane.example", "url": "https://harbourlane.example/", "hours": "Monday to Friday, 10 am to 3 pm", "languages": "English",
    "checked": "Checked in November 2026", "stale": False,
}  # fmt: skip
TEXT = {**CARD, "name": "Night Watch", "what": "At any hour, about anything", "number": "", "sms": "Text WATCH to 96000", "hours": "At any hour", "sms_tel": "96000", "email": "night@watch.example", "also": [{"number": "01632 960 778", "tel": "1"}], "stale": True}
PHOTO = {
    "id": "p1", "shows": "Ansel's blanket, that morning, with the light on it.", "by": "Bisi", "unfolded": False, "src": "/photo.png",
    "width": 1280, "height": 930, "unfold_url": "/story-unfolded.html?unfold=p1#photo-p1", "fold_url": "/story.html#photo-p1",
}  # fmt: skip
BEATS: list[dict[str, Any]] = [
    {"kind": "paragraph", "text": "They turned the screen away from us, slowly, the way you turn a cup by its handle. That was how I knew."},
    {
        "kind": "paragraph",
        "text": "He was born before it was light. He had Tobias's chin. We had eleven hours, and the midwife, whose name was Bisi, opened the blind"
        " so that he would have had a morning.",
    },
    {"kind": "photo", "photo": PHOTO},
    {
        "kind": "paragraph",
        "text": "Tobias didn't want the photographs kept. I did. They lived in an envelope behind the towels for seven months, and then one evening"
        " he asked me where they were.",
    },
    {"kind": "heading", "text": "What I keep"},
    {"kind": "quote", "text": "You can put him down whenever you like, she said. Nobody else had said whenever."},
    {"kind": "paragraph", "text": "I don't have an ending. I have a blue-striped blanket, and a husband who says his name now, out loud, in the kitchen."},
]
STORY = {
    "title": "Ansel", "lang": "en", "line": "Born still at 24 weeks, in March, two years ago", "told_by": "Told by Mara, with Tobias's yes.",
    "audience_words": "For anyone.", "inside": ["a scan", "a birth", "one folded photo", "about three minutes"], "cloth": "slate", "near_url": "/x/",
}  # fmt: skip
LATER = {
    "id": "c2", "title": "Two years on", "date": "This March", "folded": True, "fold_words": "A chapter about a new pregnancy.",
    "open_url": "/story-unfolded.html?unfold=c2#chapter-c2", "beats": [],
}  # fmt: skip
FIRST = {"id": "c1", "title": "", "date": "", "folded": False, "fold_words": "", "open_url": "", "beats": BEATS}
OPEN_BEATS = [{**b, "photo": {**PHOTO, "unfolded": True}} if b["kind"] == "photo" else b for b in BEATS]
OPENED = {**LATER, "folded": False, "fold_url": "/story.html#chapter-c2", "beats": [{"kind": "paragraph", "text": "I am afraid of every Tuesday."}]}
LONG = "Maximiliane-Charlotte Donaudampfschifffahrtsgesellschaft"
HIDDEN = [("sentence", SAID)]
RESULTS = {
    "said": SAID, "asked": [], "hidden": HIDDEN, "left_out": True, "nobody_near": False, "more": True, "elsewhere": None, "resting": False,
    "groups": [
        {"title": "Closest to what you wrote", "rows": [ANSEL, IDRIS]},
        {"title": "From fathers", "rows": [KOFI]},
        {"title": "Further down the road", "rows": [NOA]},
    ],
}  # fmt: skip

PAGES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "home": ("home/first.html", "", {"form": Sentence(), "line": LINE, "voice": VOICE}),
    "home-shut": ("home/first.html", "", {"form": Sentence(), "line": SHUT, "voice": None}),
    "home-wrong": ("home/first.html", "", {"form": Sentence({"sentence": ""}), "line": None, "voice": None}),
    "find": ("matching/find.html", "find", {"form": Sentence({"sentence": ""})}),
    "results": ("matching/results.html", "find", RESULTS),
    "results-list": (
        "matching/results.html",
        "find",
        {
            **RESULTS, "said": "", "asked": ["Our baby died before birth", "20 to 24 weeks"], "nobody_near": True, "resting": True,
            "elsewhere": {"words": "This place is for the loss of a baby. These people listen to every grief.", "services": [CARD, TEXT]},
        },
    ),  # fmt: skip
    "choose": ("matching/choose.html", "find", {"form": Choose()}),
    "choose-wrong": ("matching/choose.html", "find", {"form": Choose({"kind": "nothing", "themes": ["scan"]})}),
    "words": ("matching/words.html", "find", {"form": Words({"words": "blanket"}), "rows": [ANSEL, ALMA]}),
    "words-none": ("matching/words.html", "find", {"form": Words({"words": "<b>blanket"}), "rows": []}),
    "near": ("matching/near_story.html", "find", {"rows": [IDRIS, NOA], "story": {"title": "Ansel", "url": "/x/"}, "left_out": True}),
    "read": ("stories/list.html", "read", {"rows": [{**r, "reasons": "", "told": "two years ago"} for r in (ANSEL, ALMA, IDRIS, KOFI, NOA)], "next_url": "/x/"}),
    "story": ("stories/story.html", "read", {"story": STORY, "chapters": [FIRST, LATER]}),
    "story-unfolded": ("stories/story.html", "read", {"story": STORY, "chapters": [{**FIRST, "beats": OPEN_BEATS}, OPENED]}),
    "story-long": ("stories/story.html", "read", {"story": {**STORY, "title": LONG, "cloth": "clay"}, "chapters": [FIRST]}),
    "help": (
        "support/help.html", "help",
        {"country_name": "the United Kingdom", "country_form": Country(), "emergency": "999", "now": [CARD, TEXT], "others": [CARD], "everywhere": [TEXT]},
    ),
    "about": ("home/about.html", "", {}),
    "care": ("home/care.html", "", {}),
    "promises": ("home/promises.html", "", {}),
    "look": ("home/look.html", "", {}),
    "languages": ("home/languages.html", "", {"form": Languages(), "kept": True}),
    "sign-in": (
        "demo/sign_in.html", "",
        {"people": [{"name": "Mara", "me": "Ansel's mum", "email": "mara@example.org"}, {"name": "Kofi", "me": "Idris's dad", "email": "kofi@example.org"}]},
    ),
    **{code: (f"{code}.html", "", {}) for code in ("400", "403", "404", "429", "500", "503")},
}  # fmt: skip
