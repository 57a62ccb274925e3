"""A document says which language it is written in, and that is the language of its words.

Source: WCAG 2.2 SC 3.1.1 Language of Page and 3.1.2 Language of Parts; EN 301 549 clauses 10.3.1.1 and 10.3.1.2; techniques
PDF16 and PDF19; RFC 5646; ISO 14289-1 clause 7.2; Matterhorn 11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from checks.accessibility.language.check import EXPECTED, RELATED, SAME
from checks.documents.snapshot import DocumentSnapshot
from checks.documents.verdict import Verdict, cannot_tell, failed, passed
from rules.document import DocumentKind

LANGUAGE = "document-language"
TEXT = "document-language-text"
PARTS = "document-language-parts"
RULES = (LANGUAGE, TEXT, PARTS)
NEEDS = ("content", "structure")

TAG = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?(?:-[a-z0-9]{1,8})*", re.I
)
NOT_WORDS = re.compile(r"\S*(?:@|://|www\.)\S*|\S*\d\S*")
WORD = re.compile(r"[^\W\d_]{2,}")
FEWEST_WORDS = 60  # fewer prove nothing in a file of names and numbers
PIECE = 500  # letters judged at a time
MOST_PIECES = 60
TEXT_RULE = "PDFUA1-TEXT-LANGUAGE-001"


def judge(document: DocumentSnapshot) -> Iterator[Verdict]:
    if not document.words:
        return
    declared = document.language
    wrong = [(tag, page) for tag, page, _ in document.languages if tag and not TAG.fullmatch(tag)]
    covered = _is_covered(document)
    if not declared and not covered:
        yield failed(LANGUAGE)
    elif declared and not TAG.fullmatch(declared) and not covered:
        yield failed(LANGUAGE, "no_tag", arguments={"declared": declared[:60]})
    else:
        yield passed(LANGUAGE)
    if wrong:
        tags = ", ".join(sorted({tag[:30] for tag, _ in wrong})[:5])
        yield failed(PARTS, arguments={"declared": tags}, pages=tuple(page for _, page in wrong), element="Lang")
    elif document.languages:
        yield passed(PARTS)
    if declared and TAG.fullmatch(declared) and not document.languages:
        yield _text(document, declared)


def _is_covered(document: DocumentSnapshot) -> bool:
    """Whether every piece of text has a language of its own, so that none of the document itself is needed."""
    if document.kind is not DocumentKind.PDF:
        return bool(document.languages) and not document.language
    if document.engine is not None and document.tagged and document.languages:
        return all(failure.rule != TEXT_RULE for failure in document.engine)
    has_language: list[bool] = []
    for element in document.elements:  # what lies above an element stands before it
        own = bool(element.language)
        has_language.append(own or (element.parent >= 0 and has_language[element.parent]))
    texts = [has for has, element in zip(has_language, document.elements, strict=True) if element.text]
    return bool(texts) and all(texts)


def _text(document: DocumentSnapshot, declared: str) -> Verdict:
    """Compare with the language of most of the text; a document of several languages is for a person."""
    weights: dict[str, int] = {}
    words = 0
    for piece in _pieces(document.text):
        count = len(WORD.findall(piece))
        words += count
        found = language_of(piece)
        weights[found] = weights.get(found, 0) + count
    if words < FEWEST_WORDS:
        return passed(TEXT)
    primary = _primary(declared)
    other = {language: count for language, count in weights.items() if language and not _alike(language, primary)}
    found = max(other, key=lambda one: other[one], default="")
    share = other.get(found, 0) / words
    arguments = {"declared": declared, "found": found}
    if share >= 0.8 and words >= 2 * FEWEST_WORDS:
        return failed(TEXT, arguments=arguments)
    return cannot_tell(TEXT, arguments=arguments) if share >= 0.5 else passed(TEXT)


def _pieces(text: str) -> Iterator[str]:
    """Spread over the whole text."""
    clean = " ".join(NOT_WORDS.sub(" ", text).split())
    count = max(1, -(-len(clean) // PIECE))
    for number in range(0, count, max(1, count // MOST_PIECES)):
        piece = clean[number * PIECE : (number + 1) * PIECE]
        if len(WORD.findall(piece)) >= 12 and any(letter.islower() for letter in piece):
            yield piece


def language_of(text: str) -> str:
    """The language that a text is surely in; empty: not sure."""
    language, probability = _identifier().rank(text)[0]
    return str(language) if float(probability) >= 0.95 and language != "la" else ""


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(EXPECTED)
    return identifier


def _primary(tag: str) -> str:
    primary = tag.casefold().partition("-")[0]
    return SAME.get(primary, primary)


def _alike(first: str, second: str) -> bool:
    return first == second or any(first in family and second in family for family in RELATED)
