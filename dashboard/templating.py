"""The templates, once for each language, with what they may use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from jinja2 import Environment, PackageLoader, StrictUndefined

from dashboard import charts, crawled, formatting
from dashboard.alarm_words import alarm_sentence, alarm_title
from dashboard.assets import THEME, Assets, icon
from dashboard.causes import criteria_of, panel_of, rule_title
from dashboard.languages import LANGUAGES, NAMES, translations
from dashboard.navigation import DESKS, desk_with
from dashboard.reasons import reason_text, short_reason
from dashboard.rule_text import examples_of, rule_text
from dashboard.words import word
from rules.cron_words import cron_in_words
from rules.norm import DEFAULT_NORM, Language
from rules.policy import rule_named
from rules.schedule import ScheduleError
from rules.weight import MODEL, grams_of_co2

DEFAULT_ZONE = "Europe/Amsterdam"


def environments(assets: Assets) -> dict[Language, Environment]:
    return {language: _environment(language, assets) for language in LANGUAGES}


def _environment(language: Language, assets: Assets) -> Environment:
    environment = Environment(
        loader=PackageLoader("dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    teach(environment, language)
    environment.globals.update(
        languages=LANGUAGES,
        language_names=NAMES,
        icon=icon,
        asset=assets.address,
        house_style=THEME if THEME in assets.files else "",
        parts=charts.parts,
        sparkline=charts.sparkline,
        criteria_of=criteria_of,
        default_norm=DEFAULT_NORM,
        desks=DESKS,
        desk_with=desk_with,
        rule_of=rule_named,
        panel_of=panel_of,
        examples_of=examples_of,
        day_long=timedelta(days=1),
        cron_words=partial(_cron_words, language=language),
        grams_of_co2=grams_of_co2,
        co2_model=MODEL,
    )
    return environment


def teach(environment: Environment, language: Language) -> None:
    """Give templates the words of one language, and how it writes numbers, days and what came from a site."""
    texts = translations(language)
    environment.install_gettext_translations(texts, newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    environment.globals.update(
        language=language,
        word=lambda kind, value: texts.gettext(word(kind, value)),
        rule_title=partial(rule_title, language=language),
        alarm_title=partial(alarm_title, language=language),
        alarm_sentence=partial(alarm_sentence, language=language),
    )
    environment.filters.update(
        number=lambda value, digits=0: formatting.number(value, language, digits),
        change=lambda value: formatting.change(value, language),
        day=_of_moment(formatting.day, language),
        calendar_day=lambda when: formatting.calendar_day(when, language),
        month=lambda first: formatting.month(first, language),
        short_day=_of_moment(formatting.short_day, language),
        clock=_of_moment(formatting.clock, language),
        duration=lambda span: formatting.duration(span, language),
        reason=lambda key: reason_text(key, language),
        short_reason=lambda key: short_reason(key, language),
        rule_text=rule_text,
        crawled=crawled.crawled,
        address=crawled.address,
        clean=crawled.clean,
        visible=crawled.visible,
        editable=crawled.editable,
        safe_href=crawled.safe_href,
        path_of=crawled.path_of,
        language_tag=crawled.language_tag,
        groups_of_four=lambda text: " ".join(text[start : start + 4] for start in range(0, len(text), 4)),
    )


def _cron_words(line: str, language: Language) -> str:
    """What a cron line means; the line itself where somebody wrote it past our own screens, and it is none."""
    try:
        return cron_in_words(line, language)
    except ScheduleError:
        return line


def _of_moment(form: Callable[[datetime, Language, str], str], language: Language) -> Callable[..., str]:
    def shown(moment: datetime, zone: str = DEFAULT_ZONE) -> str:
        return form(moment, language, zone)

    return shown
