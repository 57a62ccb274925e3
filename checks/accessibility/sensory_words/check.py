"""Instructions can be followed without seeing place, shape or colour.

Source: WCAG 2.2 SC 1.3.3 Sensory Characteristics (level A) and SC 1.4.1 Use of Color (level A); EN 301 549 clauses 9.1.3.3 and
9.1.4.1; ACT rule 9bd38c; techniques G96, G14 and G205; failures F14 and F26.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

SENSORY = "sensory-reference"
COLOUR = "colour-words"
RULES = (SENSORY, COLOUR)

# Things that a text points at, Dutch and English, by the key under which the gatherer counted them.
THINGS = {
    "button": r"knop(?:pen|je)?|button|buttons",
    "nav": r"menu|navigatie|navigation|zijbalk|sidebar|menubalk|menu ?bar",
    "link": r"link|hyperlink",
    "field": r"veld|zoekveld|invoerveld|vakje|zoekvak|search (?:box|field|bar)|field|checkbox",
    "form": r"formulier|zoekbalk|form",
    "picture": r"icoon|icoontje|pictogram|icon|pijl|pijltje|arrow|symbool|symbol",
    "table": r"tabel|table",
    "list": r"lijst|list",
    "any": r"blok|kader|vak|kolom|paneel|balk|box|block|column|panel|bar|section|tab|tabblad",
}
THING = "|".join(THINGS.values())
CONTROL = "|".join(THINGS[key] for key in ("button", "nav", "link", "field", "picture")) + "|box|vak|blok|kader"
PLACE_EN = (
    r"(?:on|to|at|in) the (?:(?:far|top|bottom|upper|lower)[ -]?)?(?:right|left)(?:[ -]hand)?(?: side| corner| column| bar)?"
)
SIDE = r"(?:rechter|linker)[ -]?(?:kant|kolom|zijde|zijbalk|balk|hoek|bovenhoek|benedenhoek|onderhoek|deel|gedeelte)"
PLACE_NL = (
    rf"(?:aan de|in de|op de|in het|ter) {SIDE}|rechts(?:boven|onder)(?:in|aan)?|links(?:boven|onder)(?:in|aan)?|"
    r"rechts\b(?! van\b)|links (?:boven|onder|in beeld|in het scherm|op het scherm|van het scherm)"
)
SHAPE = (
    r"round|circular|square|triangle|triangular|rectangular|oval|star|diamond|rond|ronde|vierkante|driehoekige|rechthoekige|ovale|"
    r"\w+[- ]shaped|stervormige|ruitvormige"
)
COLOURS = (
    r"red|green|blue|yellow|orange|purple|gr[ae]y|black|white|pink|rode|groene|blauwe|gele|oranje|paarse|grijze|zwarte|witte|roze"
)
FIGURE = r"star|circle|triangle|square|diamond|dot|ster|cirkel|driehoek|vierkant|stip|bolletje|ruit|rondje"

# At most three words between, within the sentence.
GAP = r"(?:[ ,\"“”„'‘’]+[\w-]+){0,3}?[ ,\"“”„'‘’]+"

BY_PLACE = re.compile(
    rf"\b(?P<thing>{THING})\b{GAP}(?:{PLACE_EN}|{PLACE_NL}|links(?=[\s.,;!]|$))|"
    rf"\b(?:rechter|linker|right[ -]hand|left[ -]hand)[ -]?(?P<thing2>{THING})\b|"
    rf"\b(?:{PLACE_EN}|rechtsboven|linksboven|rechtsonder|linksonder),? (?:\w+ ){{1,4}}"
    rf"(?:de|het|een|the|a) (?P<thing3>{THING})\b",
    re.IGNORECASE,
)
BY_LOOKS = re.compile(rf"\b(?:the|de|het|dit|deze|this|that) (?P<looks>{SHAPE}|{COLOURS}) (?P<thing>{CONTROL})\b", re.IGNORECASE)
BY_FIGURE = re.compile(
    r"\b(?:underneath|below|under|beside|next to|inside|within|above|onder|naast|binnen|boven|in) (?:the|de|het) "
    rf"(?P<looks>{FIGURE})\b",
    re.IGNORECASE,
)
NAMED = re.compile(
    r"[\"“„«‘][^\"”“»’]{2,60}[\"”“»’]|(?:^|\s)'[^']{2,60}'|"
    r"\b(?:labell?ed|called|named|titled|marked|genaamd|geheten|met de (?:tekst|naam|titel)|"
    r"met het opschrift|met als (?:tekst|titel)|heet)\b",
    re.IGNORECASE,
)
TELLS_TO = re.compile(
    r"(?:^|[.!?:] )(?:you (?:can|must) |u (?:kunt|moet) |to \w+,? )?(?:find|use|go to|open|choose|select|click|see|look at|pick|"
    r"gebruik|kies|klik|ga naar|zoek|vind|open|kijk|selecteer)\b",
    re.IGNORECASE,
)
TO_THE_RIGHT = re.compile(r"right|rechts|rechter", re.IGNORECASE)
COLOUR_NL = r"rood|groen|blauw|geel|oranje|paars|grijs|roze"
COLOUR_EN = r"red|green|blue|yellow|orange|purple|gr[ae]y|pink"
MARKED_BY_COLOUR = re.compile(
    rf"\b(?:in(?: het)? (?:{COLOUR_NL}) (?:\w+ )?(?:gemarkeerd|aangegeven|weergegeven|afgedrukt|gedrukt|vermeld|zijn|staan)|"
    rf"(?:{COLOUR_NL}) (?:gemarkeerd|gekleurd|omrand|omlijnd|weergegeven|aangegeven|gearceerd)|"
    r"(?:rode|groene|blauwe|gele|oranje|paarse|grijze) (?:gemarkeerde )?(?:velden|vakjes|dagen|datums|regels|rijen|cijfers|"
    r"letters|tekst|stippen|bolletjes|kaders|items|onderdelen)|"
    rf"(?:marked|shown|highlighted|indicated|displayed|printed|colou?red) (?:in|with) (?:{COLOUR_EN})|"
    rf"(?:{COLOUR_EN}) (?:fields|items|text|dates|cells|rows|dots|boxes|letters|numbers|days)|"
    rf"(?:fields|items|dates|days) in (?:{COLOUR_EN}))\b",
    re.IGNORECASE,
)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    facts = document.facts
    if not facts:
        return
    for text in facts["texts"]:
        yield from _sensory(text, facts)
        if found := MARKED_BY_COLOUR.search(text["text"]):
            yield cannot_tell(COLOUR, text["element"], words=found.group())


def _sensory(text: dict[str, Any], facts: dict[str, Any]) -> Iterator[Verdict]:
    """Ask where a text points by place, shape or colour, and nothing else tells which thing it means."""
    for pattern in (BY_PLACE, BY_LOOKS, BY_FIGURE):
        found = pattern.search(text["text"])
        if not found:
            continue
        thing = next((value for key, value in found.groupdict().items() if key.startswith("thing") and value), "")
        looks = found.groupdict().get("looks") or ""
        if NAMED.search(text["text"]) or _is_called_so(facts["names"], looks, thing) or _is_only_one(thing, facts["counts"]):
            yield passed(SENSORY, text["element"])
        elif _is_here(thing, facts["counts"]) or (pattern is not BY_PLACE and text["hasLink"]):
            proven = pattern is BY_PLACE and _key(thing) == "nav" and _is_nameless_menu(text, found.group(), facts)
            yield (failed if proven else cannot_tell)(SENSORY, text["element"], words=found.group().strip())
        return


def _is_nameless_menu(text: dict[str, Any], words: str, facts: dict[str, Any]) -> bool:
    """Told to use the menu beside the text: it does stand there, and neither it nor any other on the page has a name (F14)."""
    menus = facts["menus"]
    if text["hasLink"] or not TELLS_TO.search(text["text"]) or not menus or any(menu["named"] for menu in menus):
        return False
    left, right = text["box"]["x"], text["box"]["x"] + text["box"]["width"]
    if TO_THE_RIGHT.search(words):
        return any(menu["box"]["x"] >= min(right - 1, 0.6 * facts["width"]) for menu in menus)
    return any(menu["box"]["x"] + menu["box"]["width"] <= max(left + 1, 0.4 * facts["width"]) for menu in menus)


def _is_called_so(names: list[str], looks: str, thing: str) -> bool:
    """Something on the page bears the words of the text as its name: a heading "Menu", a button "Round button"."""
    wanted = [word.casefold() for word in (looks, thing) if word]
    if thing and not looks and _key(thing) not in ("nav", "form", "table", "list", "any"):
        return False  # which button, which link: the word alone is no name
    return any(all(word in name.casefold() for word in wanted) for name in names)


def _is_only_one(thing: str, counts: dict[str, int]) -> bool:
    key = _key(thing)
    return key in ("button", "nav", "field", "form", "table") and counts[key] == 1


def _is_here(thing: str, counts: dict[str, int]) -> bool:
    """The page has such a thing at all; else the text speaks of something outside it, such as a program or a form on paper."""
    key = _key(thing)
    if key == "nav":
        return counts["nav"] > 0 or counts["list"] > 0
    if key == "any":
        return True
    return counts[key] > 0 if key else counts["picture"] + counts["frame"] > 0


def _key(thing: str) -> str:
    return next((key for key, pattern in THINGS.items() if thing and re.fullmatch(pattern, thing, re.IGNORECASE)), "")
