"""What makes a paragraph hard is named; plain ones, lists, quotations and other languages are left alone."""

from __future__ import annotations

import pytest
from growth import LINEAR, growth
from page_of import asked, document

from checks.content.blocks import is_dutch, sentences
from checks.content.plain_language.check import MOST_FINDINGS, RULE, flesch_douma, judge, official_words, syllables, trouble_of
from checks.content.unfinished.check import EMPTY, PLACEHOLDER
from checks.content.unfinished.check import judge as judge_unfinished

PLAIN = "U vraagt een paspoort aan op het stadhuis. Maak daarvoor eerst een afspraak. Neem uw oude paspoort mee en een pasfoto."
HARD = (
    "Indien u woonachtig bent in de gemeente dient u derhalve alvorens u een aanvraag indient bij het loket van de afdeling "
    "burgerzaken een afspraak te maken, waarbij u tevens een geldig bewijs dient te overleggen aan de medewerker."
)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Bel dhr. A. de Vries. Dat kan op 1 jan. 2027 om 9.00 uur.", 2),
        ("Neem o.a. een pasfoto mee, bijv. van de fotograaf. Klaar!", 2),
        ("Kom langs\nBel ons", 2),
        ("Wat kost het? Dat hangt ervan af (zie art. 3 van de wet). Bel ons.", 3),
        ("Ga naar www.voorbeeld.nl. Log in met DigiD.", 2),
    ],
)
def test_where_sentences_end(text: str, count: int) -> None:
    assert len(sentences(text)) == count


@pytest.mark.parametrize(
    ("word", "count"), [("idee", 2), ("paspoort", 2), ("vergunningaanvraag", 5), ("gemeente", 3), ("ruimte", 2)]
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_flesch_douma_by_hand() -> None:
    # Six words of one syllable each in one sentence: 206.835 - 0.93 x 6 - 77 x 1 = 124.3, and no text is easier than 100.
    assert flesch_douma("De kat zit op de mat.") == 100
    # Four words with 2, 1, 5 and 4 syllables: 206.835 - 0.93 x 4 - 77 x 3 = -27.9, and none is harder than 0.
    assert flesch_douma("Iedere de vergunningaanvraag gemeentelijke.") == 0


def test_official_words_but_not_those_of_somebody_else() -> None:
    assert [word for word, _ in official_words("Derhalve kunt u desgewenst bellen inzake “hetgeen”.")] == [
        "derhalve",
        "desgewenst",
        "inzake",
    ]
    assert official_words("De bovengenoemde regels.") == [("bovengenoemde", "dit, deze")]


def test_a_sentence_that_sums_up_is_not_long() -> None:
    names = ", ".join(f"De Straat{number}" for number in range(30))
    assert trouble_of(f"Wij halen afval op in {names} en Het Plein.").longest == 0
    assert trouble_of(HARD).longest > 30


def test_the_hardest_paragraphs_of_a_page_and_no_more() -> None:
    assert asked(judge(document("h1: Paspoort", PLAIN)), RULE) == []
    assert len(asked(judge(document(PLAIN, *[HARD] * 30)), RULE)) == MOST_FINDINGS


def test_other_languages_are_not_judged() -> None:
    for text in (
        "Notwithstanding the foregoing, applicants who have not furnished the documents shall be deemed to have withdrawn.",
        "Sind Sie neu in der Stadt? In jedem Stadtteil gibt es ein Haus, in dem Sie Nachbarn treffen und Fragen stellen können.",
        "De Fryske taal is yn Fryslân in offisjele taal en wurdt troch in protte minsken sprutsen en skreaun op it plattelân.",
    ):
        assert not is_dutch(text)
        assert asked(judge(document(text)), RULE) == []


@pytest.mark.parametrize(
    "text", ["Lorem ipsum dolor sit amet.", "Tekst volgt.", "Informatie volgt nog", "Dit kost € xx,xx.", "Bel ons op xxx."]
)
def test_unfinished_texts(text: str) -> None:
    assert len(asked(judge_unfinished(document("h1: Contact", text)), PLACEHOLDER)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "De tekst volgt de regels van het besluit.",
        "Het shirt is er in maat XXL.",
        "De regels staan in bijlage XXX bij de verordening.",
        "Vul de brief in: geachte [naam], op xx-xx-20xx kreeg ik een besluit.",
        "Het was in de XXe eeuw.",
        "De informatie volgt uit het register.",
    ],
)
def test_texts_that_only_look_unfinished(text: str) -> None:
    assert asked(judge_unfinished(document("h1: Contact", text)), PLACEHOLDER) == []


def test_an_empty_page_is_not_a_short_one() -> None:
    assert len(asked(judge_unfinished(document("h1: Subsidies")), EMPTY)) == 1
    assert asked(judge_unfinished(document("h1: Subsidies", media=1)), EMPTY) == []
    assert asked(judge_unfinished(document("h1: Subsidies", isMain=False)), EMPTY) == []
    assert (
        asked(
            judge_unfinished(document("h1: Gesloten", "Het stadhuis is op Koningsdag gesloten. De dag erna zijn wij open.")),
            EMPTY,
        )
        == []
    )


@pytest.mark.parametrize("piece", ["de door ", "a", "(", "ge", "A. ", "het een van ", "€ 1"])
def test_a_hostile_paragraph_costs_no_more_than_its_length(piece: str) -> None:
    def judged(length: int) -> None:
        sentences.cache_clear()
        page = document(*[f"Het is van ons en niet van u. {piece * (length // len(piece))}t"] * 2)
        list(judge(page))
        list(judge_unfinished(page))

    assert growth(judged, 1_000) < LINEAR
