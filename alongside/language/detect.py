"""Which language a text is in, from its small words and letters; made for one short sentence typed in haste."""

from __future__ import annotations

import re

UNKNOWN = ""
LANGUAGES = ("en", "es", "fr", "de")

# Small words of each language; the last five are here so that a neighbour is not taken for one of ours.
_SMALL_WORDS = {
    "en": "the and of to was were is are my our her his she he we they i im you it that this with for at in on had "
    "have has not no but when what how after before from who been did do does didnt dont cant am all just never ever "
    "still anyone someone there their them me us as by a an so or if died lost baby weeks years ago son daughter "
    "pregnant miscarriage stillborn about would could now nobody because days two three four five months lived born "
    "lose losing again where does get been too out up told said week one our loss",
    "es": "el la los las de del que y en un una mi mis nuestro nuestra su sus me nos se no con por para como pero "
    "cuando fue era estaba muy mas sin al lo le les ha he hemos han hace esta este eso ya yo ella porque desde hasta "
    "sobre todo nada nadie nunca tambien murio perdi perdimos bebe hijo hija semanas meses anos embarazo embarazada "
    "alguien despues aborto dias dos tres cuatro cinco vivio murieron fallecio nieta nieto abuela padre madre tengo "
    "tenia ser soy somos estoy otra otro donde quien hay ni",
    "fr": "le la les de des du que qui et en un une mon ma mes notre nos son sa ses me nous se ne pas avec pour par "
    "comme mais quand etait est sont sans au aux ce cette je tu il elle on ils j l d n c s qu y plus tres jamais rien "
    "ete avons avait ai a apres avant depuis perdu mort bebe fils fille semaines mois ans enceinte grossesse fausse "
    "couche dans quelqu personne leur parce jours deux trois quatre cinq vecu est je suis nee ne ma notre votre papa "
    "maman bras lui elles ils fait dit aussi encore ou donc",
    "de": "der die das den dem des und in ein eine einen einem einer mein meine meinem meinen meiner unser unsere sein "
    "ihr ihre mich mir uns sich nicht mit fur von zu wie aber als war ist sind hat habe haben hatte ohne am im ich du "
    "er sie wir es kein keine nie nach vor seit noch nur schon auch wenn dass man jemand starb gestorben verloren baby "
    "kind sohn tochter wochen monate jahre schwanger fehlgeburt ssw niemand weil wurde tage zwei drei vier funf woche "
    "monat oma opa papa mama lebte andere gibt bin habt hast war waren beim zum zur vom darf kann",
    "pt": "o os as do da dos das que e em um uma meu minha nosso nossa seu sua nao com por para como mas quando foi "
    "era estava muito mais sem ao eu ela nos perdi perdemos filho filha semanas meses anos gravidez gravida morreu",
    "it": "il lo la gli le di del della che e in un una mio mia nostro nostra suo sua mi ci si non con per come ma "
    "quando era stato molto piu senza al ho abbiamo ha sono perso figlio figlia settimane mesi anni incinta morto",
    "nl": "de het een en van ik mijn onze zijn haar hij zij we niet met voor als maar was is heb hebben had zonder "
    "naar bij op te dat die ons mij er ook nog zwanger weken maanden jaar zoon dochter overleden verloren kindje",
    "pl": "i w na z do nie sie to jest ze jak ale po za od przez moj moja nasz nasza mi nas go jej byl byla tydzien "
    "tygodniu syn corka dziecko ciaza ciazy zmarl zmarla umarl umarla stracilam stracilismy lat temu bardzo kto",
}
_WEIGHTS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
# Letters that one language alone uses, among these.
_LETTERS = {"es": "ñ¿¡íóáú", "de": "äöß", "fr": "çœêèàùûî", "pt": "ãõ", "pl": "ąęłśżźćń", "it": "ìò"}
_WORD = re.compile(r"[^\W\d_]+")
_ACCENTS = str.maketrans("áàâäãéèêëíìîïóòôöõúùûüçñßąęłśżźćń", "aaaaaeeeeiiiiooooouuuucnsaelszzcn")
_READ = 2_000  # characters; a language does not change later


def detect(text: str) -> str:
    """One of "en", "es", "fr", "de"; "" when the text is in another language or says too little to tell."""
    scores = _scores(text[:_READ].lower())
    best, second = sorted(scores.values(), reverse=True)[:2]
    language = max(scores, key=lambda known: scores[known])
    if best < 1 or language not in LANGUAGES or best - second < 0.15 * best:
        return UNKNOWN
    return language


def likely(text: str) -> tuple[str, ...]:
    """The languages of ours that a text may be in, likeliest first; all of them when little tells, none for another."""
    scores = _scores(text[:_READ].lower())
    best = max(scores.values())
    ours = max(scores[known] for known in LANGUAGES)
    if best < 1 or (best < 2 and ours < best):
        return LANGUAGES
    near = [known for known in LANGUAGES if scores[known] >= 0.6 * best]
    return tuple(sorted(near, key=lambda known: -scores[known]))


def _scores(text: str) -> dict[str, float]:
    words = [word.translate(_ACCENTS) for word in _WORD.findall(text.replace("n't", "nt").replace("i'm", "im"))]
    scores = {language: float(sum(word in known for word in words)) for language, known in _WEIGHTS.items()}
    for language, letters in _LETTERS.items():
        scores[language] += 0.7 * min(3, sum(text.count(letter) for letter in letters))
    return scores
