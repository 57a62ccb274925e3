"""Forms in the shapes that suppliers give them: the good one of each pair is asked nothing, the broken one what is broken.

Shapes: GOV.UK, NL Design System, Gravity Forms (WordPress), Drupal webform, TYPO3 form and the counter of an e-Suite.
"""

# ruff: noqa: E501 - markup reads best as it is written

from __future__ import annotations

import asyncio
from http.server import BaseHTTPRequestHandler

import pytest
from sites.loopback import answered_by

from checks.accessibility.form_content.check import RULES as CONTENT
from checks.accessibility.form_steps.check import RULES as STEPS
from checks.accessibility.form_words.check import RULES as WORDS
from checks.judge import judge
from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile
from crawler.visit import driver
from rules.outcome import Outcome
from scheduler.check_pages import visitor_for
from scheduler.run_settings import RunSettings

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("supplier-forms")]
SETTINGS = RunSettings(engines=("vierluik",), norm_id="en301549-4.1.1", load_timeout_s=5.0)
FORM_RULES = frozenset((*CONTENT, *STEPS, *WORDS))

GOVUK = """<a href="/terug" class="govuk-back-link">Terug</a><form method="post" novalidate>{summary}<fieldset class="govuk-fieldset"
 {tied}><legend class="govuk-fieldset__legend--l"><h1>Wanneer bent u verhuisd?</h1></legend><div id="dob-hint" class="govuk-hint">Bijvoorbeeld 27 3 2027</div>
{error}<div class="govuk-date-input"><div class="govuk-date-input__item"><label for="d-day">Dag</label><input id="d-day" inputmode="numeric" {invalid}></div>
<div class="govuk-date-input__item"><label for="d-month">Maand</label><input id="d-month" inputmode="numeric"></div>
<div class="govuk-date-input__item"><label for="d-year">Jaar</label><input id="d-year" inputmode="numeric"></div></div></fieldset>
<button class="govuk-button">Volgende</button></form>"""
NLDS = """<main><ol class="denhaag-process-steps"><li class="denhaag-process-steps__step {current}">1 Uw melding</li><li>2 Uw gegevens</li></ol><h1>Uw melding</h1>
<form method="post" class="utrecht-form"><p>{told}</p><div class="utrecht-form-field"><label class="utrecht-form-label" for="w">Wat is er aan de hand?</label>
<div class="utrecht-form-field-description" id="wd">Noem geen namen.</div><textarea id="w" class="utrecht-textarea" required aria-describedby="wd {error_id}" {invalid}></textarea>
{error}</div><div class="utrecht-form-field"><label class="utrecht-form-label" for="o">Waar is het? (niet verplicht)</label><input id="o" class="utrecht-textbox"></div>
<button type="button">Vorige stap</button><button class="utrecht-button">Volgende stap</button></form></main>"""
GRAVITY = """<style>.gfield_required::after {{ content: "{mark}" }}</style><div class="gform_wrapper"><form method="post" id="gform_1"><div class="gf_progressbar_wrapper">
<p class="gf_progressbar_title">{progress}</p></div>{explained}<div class="gfield"><label class="gfield_label" for="i1">Naam<span class="gfield_required"></span></label>
<input id="i1" name="input_1" aria-required="true" autocomplete="name"></div><div class="gfield"><label class="gfield_label" for="i2">E-mail</label><input id="i2" type="email" name="input_2" autocomplete="email"></div>
<div class="gform_page_footer"><input type="button" class="gform_previous_button" value="Vorige"><input type="button" class="gform_next_button" value="Volgende">{reset}</div></form></div>"""
DRUPAL = """<form class="webform-submission-form" method="post"><div class="js-form-item form-item"><label for="edit-k" class="form-required">Kenmerk{required}</label>
<input id="edit-k" name="k" required aria-describedby="edit-k--description" {invalid}>{error}<div id="edit-k--description" class="description">Staat rechtsboven op uw brief.</div></div>
<div class="js-form-item form-item"><label for="edit-t">Toelichting</label><textarea id="edit-t"></textarea></div><div class="form-actions"><input type="submit" value="Verzenden"></div></form>"""
TYPO3 = """<div class="frame"><form class="form-standard" method="post"><div class="form-group {state}"><label class="control-label" for="c-mail">E-mailadres {mark}</label>
<div class="input"><input class="form-control" id="c-mail" type="email" autocomplete="email" required {tied}>{error}</div></div><div class="form-group"><label class="control-label" for="c-q">Uw vraag</label>
<div class="input"><textarea class="form-control" id="c-q"></textarea></div></div><button>Versturen</button></form></div>"""
ESUITE = """<div class="formulier"><h1>Uittreksel aanvragen</h1><div class="stappen-wizard"><ul><li class="{active}">{now}Gegevens</li><li>Controle</li><li>Betalen</li></ul></div>
<p>{limit}</p><form method="post" id="zaakform"><table class="layout"><tr><td><label for="bsn">Waarvoor is het?</label></td><td><input id="bsn" name="doel"></td></tr>
<tr><td><label for="aant">Aantal</label></td><td><input id="aant" name="aant" type="number"></td></tr></table><input type="submit" value="Volgende">{save}</form></div>"""
RIGHT_ERROR = '<p id="{id}" class="govuk-error-message error"><span class="visually-hidden">Fout:</span> Vul een dag in, een getal van 1 tot 31</p>'

# The page, and the rules that ask something of it.
FORMS: dict[str, tuple[str, set[str]]] = {
    "govuk": (GOVUK.format(summary="", tied='aria-describedby="dob-hint"', error="", invalid=""), set()),
    "govuk, with an error": (
        GOVUK.format(
            summary='<div class="govuk-error-summary" role="alert" tabindex="-1"><h2>Er is een fout</h2><ul><li><a href="#d-day">Vul een dag in</a></li></ul></div>',
            tied='aria-describedby="dob-hint dag-fout"',
            error=RIGHT_ERROR.format(id="dag-fout"),
            invalid='aria-invalid="true" aria-describedby="dag-fout"',
        ),
        set(),
    ),
    "nlds": (NLDS.format(current='" aria-current="step', told="Vul alle vragen in, tenzij er niet verplicht staat.", error="", error_id="", invalid=""), set()),
    "nlds, with an error": (
        NLDS.format(
            current='" aria-current="step',
            told="",
            error='<div class="utrecht-form-field-error-message" id="we">Vul in wat er aan de hand is.</div>',
            error_id="we",
            invalid='aria-invalid="true"',
        ),
        set(),
    ),
    "nlds, broken": (
        NLDS.format(
            current="denhaag-process-steps__step--current",
            told="",
            error='<div class="utrecht-form-field-error-message">Ongeldig antwoord: vul hier minder dan 200 tekens in.</div>',
            error_id="",
            invalid="",
        ),
        {"form-step-current", "error-text-tied"},
    ),
    "gravity": (GRAVITY.format(mark="*", progress="Stap 1 van 3", explained="<p>Een * betekent verplicht.</p>", reset=""), set()),
    "gravity, broken": (
        GRAVITY.format(mark="", progress="Uw gegevens", explained="", reset='<button type="reset">Formulier wissen</button>'),
        {"required-not-said", "form-step-told", "form-reset-button"},
    ),
    "drupal": (DRUPAL.format(required=" (verplicht)", invalid="", error=""), set()),
    "drupal, broken": (
        DRUPAL.format(
            required="", invalid='aria-invalid="true"', error='<div class="form-item--error-message">Vul 8 cijfers in, zonder punten</div>'
        ),
        {"required-not-said", "error-text-tied"},
    ),
    "typo3": (
        TYPO3.format(
            state="has-error", mark="(verplicht)", tied='aria-invalid="true" aria-describedby="c-fout"', error='<span class="error help-block" id="c-fout">Vul een adres in zoals naam@voorbeeld.nl</span>'
        ),
        set(),
    ),
    "typo3, broken": (
        TYPO3.format(state="has-error", mark="", tied="", error='<span class="error help-block">Vul een adres in zoals naam@voorbeeld.nl</span>'),
        {"required-not-said", "error-text-tied"},
    ),
    "esuite": (
        ESUITE.format(active="actief", now='<span class="visually-hidden">huidige stap: </span>', limit="Uw sessie verloopt na 20 minuten.", save='<button type="button">Opslaan en later verder</button>'),
        set(),
    ),
    "esuite, broken": (
        ESUITE.format(active="actief", now="", limit="Uw sessie verloopt na 20 minuten. Daarna moet u opnieuw beginnen.", save=""),
        {"form-step-current", "form-time-limit"},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def judged(browser: BrowserFile) -> dict[str, set[str]]:
    """The form rules that say something of each page."""
    pages = {f"/{number}": html for number, (html, _) in enumerate(FORMS.values())}
    with answered_by(handler_of(pages)) as origin:
        return asyncio.run(look_at(origin, browser))


async def look_at(origin: str, browser: BrowserFile) -> dict[str, set[str]]:
    guard = AddressGuard.for_origins((origin,), offline=True)
    found = {}
    async with driver() as playwright, visitor_for(playwright, browser, guard, SETTINGS) as visitor:
        for number, name in enumerate(FORMS):
            findings = judge(await visitor.visit(f"{origin}/{number}"), SETTINGS.norm).findings
            assert not [one for one in findings if one.outcome is Outcome.FAILED and one.rule in FORM_RULES], name
            found[name] = {one.rule for one in findings} & FORM_RULES
    return found


def handler_of(pages: dict[str, str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f'<!doctype html><html lang="nl"><title>Formulier</title><body>{pages.get(self.path, "")}'.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
            """Say nothing."""

    return Handler


@pytest.mark.parametrize("name", FORMS)
def test_form_of_a_supplier_is_asked_what_is_amiss_and_no_more(name: str, judged: dict[str, set[str]]) -> None:
    assert judged[name] == FORMS[name][1]
