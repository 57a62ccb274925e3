"""The honest line under every screen of a site: who looked at what, what nobody looked at, with what, and when."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date, datetime
from threading import Lock

from sqlalchemy.orm import Session

from dashboard.formatting import calendar_day
from dashboard.languages import N_, translations
from rules.criteria import Reach, rows_of
from rules.evaluation import Results
from rules.norm import DEFAULT_NORM, Language, norms
from rules.outcome import Outcome
from storage.evaluation_models import StoredEvaluation
from storage.evaluations import evaluations_of_site, load_evaluation, machine_look
from storage.models import Site
from storage.questions.runs import latest_run

NO_RUN = N_("Deze site is nog niet gecontroleerd: van geen enkele pagina is iets bekend.")
PAGES = N_(
    "Pagina’s: %(known)s bekend, %(tested)s getoetst of overgenomen, %(skipped)s overgeslagen, %(untested)s niet te toetsen "
    "(controle van %(day)s)."
)
MACHINE = N_(
    "Van de %(asked)s criteria (%(norm)s) vindt de machine bij %(tests)s een deel van de fouten; bij %(asks)s vraagt zij alleen."
)
PEOPLE = N_("Mensen beoordeelden er %(people)s (onderzoek van %(day)s); %(none)s bekeek niemand.")
NOBODY = N_("Mensen beoordeelden er nog geen; %(none)s bekeek niemand.")
KEPT = 200  # evaluations of which it is remembered what people judged

Judged = tuple[date | None, frozenset[str]]
_judged: OrderedDict[tuple[str, int, datetime, int], Judged] = OrderedDict()
_lock = Lock()


def lines_of_site(session: Session, site: Site, language: Language) -> list[str]:
    """Sentences, one a line; the last names programs and versions, where there was a run."""
    gettext, run = translations(language).gettext, latest_run(session, site.id)
    norm = norms()[run.norm if run else DEFAULT_NORM]
    reach = {row.criterion.number: row.reach for row in rows_of(norm)}
    tests = {number for number, one in reach.items() if one is Reach.TESTED} if run else set()
    asks = {number for number, one in reach.items() if one is Reach.ASKED} if run else set()
    on, people = _by_people(session, site.id)
    people &= reach.keys()
    none = {"none": len(reach.keys() - tests - asks - people)}
    said = gettext(PEOPLE) % {"people": len(people), "day": calendar_day(on, language), **none} if people and on else ""
    of_norm = {"asked": len(reach), "norm": norm.title, "tests": len(tests), "asks": len(asks)}
    lines = [gettext(MACHINE) % of_norm, said or gettext(NOBODY) % none]
    if run is None:
        return [gettext(NO_RUN), *lines]
    look = machine_look(run, norm.id)
    assert look.on is not None
    counts = {name: getattr(look, name) for name in ("known", "tested", "skipped", "untested")}
    pages = gettext(PAGES) % (counts | {"day": calendar_day(look.on, language)})
    return [pages, *lines, ", ".join(filter(None, (look.tool, *look.engines, look.browser)))]


def _by_people(session: Session, site_id: int) -> tuple[date | None, set[str]]:
    """The criteria that people judged in the newest evaluation in which they did, and its day."""
    for row in evaluations_of_site(session, site_id):
        on, judged = _remembered(session, row)
        if judged:
            return on, set(judged)
    return None, set()


def _remembered(session: Session, row: StoredEvaluation) -> Judged:
    """What people judged in an evaluation; reckoned again only when somebody has changed it."""
    key = (str(session.get_bind().engine.url), row.id, row.changed_at, row.version)
    with _lock:
        if key in _judged:
            _judged.move_to_end(key)
            return _judged[key]
    results = Results.of(load_evaluation(session, row))
    found = frozenset(
        number for number, one in results.conclusions.items() if one.outcome is not Outcome.UNTESTED and not one.by_norm
    )
    with _lock:
        _judged[key] = (row.made_on, found)
        while len(_judged) > KEPT:
            _judged.popitem(last=False)
    return row.made_on, found
