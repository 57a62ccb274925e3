"""The name of a picture says what is in it, and a picture that is kept silent says nothing.

Source: WCAG 2.2 SC 1.1.1 Non-text Content (level A); EN 301 549 clause 9.1.1.1; ACT rules qt1vmo and e88epe; techniques G94, G95,
H37 and H67; failures F3, F30, F38 and F39.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checks.accessibility.wording import bare, phrases, words
from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

NAME = "image-name-descriptive"
DECORATIVE = "image-decorative"
BACKGROUND = "image-background"
WORDING = "image-alternative-wording"
RULES = (NAME, DECORATIVE, BACKGROUND, WORDING)

SAYS_NOTHING = phrases("images/name_says_nothing.txt")
FILE_NAME = re.compile(r"\S+\.(jpe?g|png|gif|svg|webp|avif|bmp|tiff?|heic|eps)(\s*\(\d+\))?", re.IGNORECASE)
CAMERA = re.compile(
    r"(img|dsc[nf]?|pict?|p|mvi|pxl|scan|whatsapp image|screenshot|schermafbeelding)[-_ ]?\d{3,}[-_ \d\w.:]*", re.IGNORECASE
)
CODE = re.compile(r"(https?://\S+|[0-9a-f]{8,}(-[0-9a-f]{4,})*|[\w-]+_[\w-]*\d[\w-]*)", re.IGNORECASE)
ONLY_A_KIND = phrases("images/only_a_kind.txt")
INFORMS = phrases("images/informs.txt")
LOOKS = phrases("images/file_words.txt")
OPENING = re.compile(
    r"(een |an? |the |de )?(afbeelding|plaatje|image|picture|graphic|illustratie|photo|foto) (van|of|met|with|showing)\b",
    re.IGNORECASE,
)
CREDIT = re.compile(
    r"\s*(©|\(c\)|(foto(graaf|grafie)?|beeld|illustratie|bron|photo|image|credits?|source)( by| door)? ?[:©])", re.IGNORECASE
)
SMALL = 64  # CSS pixels: the size of an icon, whose word may name what it does
LONGEST_NAME = 250  # characters


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    facts = document.facts
    for picture in facts["pictures"]:
        yield _name(picture)
        yield from _wording(picture)
    alone = len(words(facts["words"])) < 3
    for picture in facts["hidden"]:
        yield _hidden(picture, alone=alone)
    for picture in facts["backgrounds"]:
        if _informs(picture) and picture["width"] >= 24 and picture["height"] >= 16:
            yield cannot_tell(BACKGROUND, picture["element"], file=picture["file"])


def _name(picture: dict[str, Any]) -> Verdict:
    name = picture["name"]
    element = picture["element"]
    if FILE_NAME.fullmatch(name) or CAMERA.fullmatch(name) or _is_file_stem(name, picture["file"]):
        return failed(NAME, element, name=name[:100])
    plain = re.sub(r"[\s\d]+$", "", bare(name))
    if plain in SAYS_NOTHING or (CODE.fullmatch(name) and re.search(r"\d", name)):
        is_icon = picture["inControl"] or max(picture["width"], picture["height"]) <= SMALL
        return cannot_tell(NAME, element, name=name[:100]) if is_icon else failed(NAME, element, name=name[:100])
    if plain in ONLY_A_KIND or not re.search(r"\w", name):
        return cannot_tell(NAME, element, name=name[:100])
    if _is_another_logo(name, picture["file"]):
        return cannot_tell(NAME, element, "file", name=name[:100], file=picture["file"])
    return passed(NAME, element)


def _is_file_stem(name: str, file: str) -> bool:
    """The name is what the file is called, as no person writes it: with low lines, or hyphens and digits."""
    stem = file.rpartition(".")[0]
    looks_like_code = "_" in name or (name.count("-") >= 1 and re.search(r"\d", name) is not None) or name.count("-") >= 2
    return bool(stem) and name.casefold() == stem.casefold() and " " not in name and looks_like_code


def _is_another_logo(name: str, file: str) -> bool:
    """The file and the name are both about a logo, but of somebody else: no word in common, no initials either."""
    in_file, in_name = _tokens(file.rpartition(".")[0]), _tokens(name)
    if "logo" not in in_file or "logo" not in in_name:
        return False
    whose_file = [word for word in in_file if word not in LOOKS and len(word) > 1 and not word.isdigit()]
    whose_name = [word for word in in_name if word not in LOOKS]
    if not whose_file or not whose_name:
        return False
    return not any(_is_of(word, whose_name) for word in whose_file)


def _is_of(word: str, names: list[str]) -> bool:
    """Whether a word from a file name may stand for a name: the same letters, the initials or others, or the same beginning."""
    together, initials = "".join(names), "".join(name[0] for name in names)
    same = word in together or together in word or word in initials or initials in word
    short = len(word) <= 5 and any(_is_short_for(word, name) for name in (*names, together))
    return same or short or any(word[:4] == name[:4] for name in names)


def _is_short_for(word: str, name: str) -> bool:
    """Its letters come in this order in the name, and both begin alike: vbs, Voorbeeldstad."""
    rest = iter(name)
    return word[0] == name[0] and all(letter in rest for letter in word)


def _tokens(text: str) -> list[str]:
    return [found.casefold() for found in re.findall(r"[^\W_]+", text)]


def _wording(picture: dict[str, Any]) -> Iterator[Verdict]:
    name = picture["name"]
    if len(name) > LONGEST_NAME:
        yield cannot_tell(WORDING, picture["element"], "long", length=len(name))
    elif OPENING.match(name):
        yield cannot_tell(WORDING, picture["element"], name=name[:100])
    elif picture["caption"] and bare(picture["caption"]) == bare(name):
        yield cannot_tell(WORDING, picture["element"], "caption", name=name[:100])
    else:
        yield passed(WORDING, picture["element"])


def _hidden(picture: dict[str, Any], *, alone: bool) -> Verdict:
    element = picture["element"]
    is_seen = picture["width"] >= 30 and picture["height"] >= 30
    if picture["title"] and picture["kind"] == "img":
        return cannot_tell(DECORATIVE, element, "title", title=picture["title"])
    if is_seen and len(words(picture["caption"])) >= 2 and not CREDIT.match(picture["caption"]):
        return cannot_tell(DECORATIVE, element, "caption", caption=picture["caption"][:100])
    if is_seen and alone:
        return cannot_tell(DECORATIVE, element, "alone")
    if is_seen and _informs(picture) and not words(picture["control"]):
        return cannot_tell(DECORATIVE, element, file=picture["file"])
    return passed(DECORATIVE, element)


def _informs(picture: dict[str, Any]) -> bool:
    """The file is called after something that informs, and the words around it do not say the same."""
    in_file = set(words(re.sub(r"[-_.\d]+", " ", picture["file"])))
    if not in_file & INFORMS:
        return False
    near = set(words(picture["text"]))
    return not any(word in near for word in in_file - LOOKS if len(word) > 2)
