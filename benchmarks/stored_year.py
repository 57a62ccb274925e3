"""A year of data as nightly runs leave it, written in bulk: what a test of screens needs within seconds.

Its shape is that of the incremental design. Every night one page in a hundred changes: it gets another state, and one third of
what is wrong with its words is replaced. A page that does not change keeps its rows, is looked at again every 28 nights, and
is carried over in between. Twenty templates, and causes of every width: two stand on all pages. Nothing is random.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.orm import Session

from rules.account import Role
from rules.barrier import BarrierSource, checked_barrier
from rules.cause import CauseKind
from rules.confirm import Confirmation
from rules.document import DocumentFacts
from rules.findability import AnswerOutcome, JudgedAnswer, QueryKind, SearchResult, TaskDetails
from rules.journey import Journey, JourneyStep, StepKind, StepOutcome, StepSeen, Verdict, Way
from rules.kpi import kpis
from rules.outcome import Mender, Outcome
from rules.rule import Rule, catalogue, duties
from rules.run import RunState
from rules.search_log import Source
from storage.account_models import Account, AuditEntry, Membership
from storage.accounts import begin_session
from storage.availability_models import AvailabilityDay, AvailabilityInterval, WatchedAddress
from storage.barriers import keep_barriers
from storage.blobs import put_texts, short_hash
from storage.check_models import PageCheck
from storage.clusters import PAGE_TEMPLATE
from storage.database import Database
from storage.desk_models import OwnerRule
from storage.evaluation_models import StoredAssessment, StoredEvaluation, StoredSamplePage
from storage.journey_models import JourneyRow, JourneyRun, JourneyStepRow
from storage.kpi_models import Annotation, KpiPoint, KpiTarget
from storage.message_models import Alarm, OutboxMessage, Subscriber, Subscription
from storage.models import (
    Base,
    Cluster,
    Decision,
    Document,
    DocumentFinding,
    DocumentState,
    FeedbackAnswer,
    FindabilityResult,
    FindabilityRun,
    FindabilityTask,
    Finding,
    Link,
    LinkSource,
    ListedProduct,
    Measurement,
    Page,
    PageState,
    PageText,
    ProductCoverageRow,
    Request,
    Run,
    RunFigure,
    RunRule,
    SearchCluster,
    SearchEventRow,
    SearchGap,
    SearchImport,
    SearchQuery,
    SearchSource,
    SearchTotal,
    Site,
    SiteSearchRow,
    Statement,
    table_of,
)
from storage.outcome_lists import put_outcomes
from storage.search_periods import sum_up
from storage.ticket_models import Ticket, TicketStep

ORIGIN = "https://www.voorbeeldstad.nl"
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TEMPLATES, OWNERS, LOOKED_AT_EVERY, CHANGES_EVERY = 20, 24, 28, 100  # nights, of a page
AT_ONCE = 20_000  # rows in one statement
QUERY_WEEKS, QUERIES, WEEKS = 250_000, 20_000, 52
SITES_BESIDE = 399
WORDS = tuple(
    f"{first}{last}" for first in ("ge", "be", "ver", "af", "om", "in") for last in ("meld", "vraag", "bouw", "huur", "zet")
)
TOPICS = ("paspoort", "rijbewijs", "verhuizing", "afval", "parkeren", "bijstand", "trouwen", "subsidie", "vergunning", "melding")


@dataclass
class StoredYear:
    """The numbers that addresses of screens are made of."""

    site: int
    runs: list[int]  # of the site, the oldest first
    page: int  # one with many findings
    rule: str  # broken on every page
    content_rule: str  # broken in the words of many pages
    ids: dict[str, Any] = field(default_factory=dict)
    token: str = ""  # of who has logged in and may see everything


@dataclass(frozen=True)
class _Cause:
    """What is wrong on some pages for one reason."""

    id: int
    kind: CauseKind
    rule: Rule
    mender: Mender
    outcome: Outcome

    def is_on(self, page: int) -> bool:
        match self.kind:
            case CauseKind.TEMPLATE:
                return self.id <= 2 or page % TEMPLATES == self.id % TEMPLATES
            case CauseKind.COMPONENT:
                return (page * 7 + self.id * 13) % 33 == 0
        return (page * 11 + self.id * 17) % 5 == 0


def store_year(
    database: Database, pages: int = 10_000, nights: int = 365, *, query_weeks: int = QUERY_WEEKS, sites: int = SITES_BESIDE
) -> StoredYear:
    """Fill an empty database. What does not grow with the pages of a site is there in full, whatever `pages` is."""
    with database.session() as session:
        year = _site(session, nights)
        causes = _causes(session, year)
        outcomes = _pages(session, year, causes, pages)
        _roll_up(session, year, causes, outcomes, pages)
        _links(session, year, pages)
        _documents(session, year, pages)
        _decisions(session, year, pages)
        _kpis(session, year)
        _searches(session, year, query_weeks)
        _tasks(session, year)
        _journeys(session, year)
        _availability(session, year)
        _people(session, year, pages)
        _messages(session, year)
        _evaluations(session, year)
        _barriers(session, year, pages)
        _products(session, year, pages)
        _tickets(session, year)
        _other_sites(session, sites)
        _accounts(session, year)
        year.page = most_open(session, year.site)
    if not database.is_sqlite:
        _renumber(database)
    return year


def _write(session: Session, model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Many rows, some thousands at a time."""
    table: Table = table_of(model)
    many: Iterator[dict[str, Any]] = iter(rows)
    while part := list(islice(many, AT_ONCE)):
        session.execute(insert(table), part)


def _renumber(database: Database) -> None:
    """PostgreSQL gives out numbers from a sequence, which knows nothing of the numbers that were written here.

    And it looks at its tables by itself within minutes, which SQLite never does.
    """
    with database.engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            if "id" in table.columns and table.columns["id"].autoincrement in (True, "auto"):
                own = connection.execute(select(func.pg_get_serial_sequence(table.name, "id"))).scalar()
                if own:
                    highest = connection.execute(select(func.max(table.columns["id"]))).scalar()
                    connection.execute(select(func.setval(own, (highest or 0) + 1, False)))
        connection.execute(text("ANALYZE"))


def _moment(year: StoredYear, night: int) -> datetime:
    """When a night's run began; the last was this morning."""
    return NOW - timedelta(days=len(year.runs) - 1 - night, hours=6)


def _site(session: Session, nights: int) -> StoredYear:
    site = Site(
        name="Gemeente Voorbeeldstad",
        start_url=f"{ORIGIN}/",
        origins=[ORIGIN],
        path_prefix="/",
        settings={"owner": "Team Web", "public": {"on": True}},
        created_at=NOW - timedelta(days=nights),
    )
    site.time_zone = "Europe/Amsterdam"
    session.add(site)
    session.flush()
    year = StoredYear(site.id, list(range(1, nights + 1)), 1, "", "")
    _write(session, Run, (_run(number, site.id, _moment(year, number - 1), night=number) for number in year.runs))
    return year


def _run(number: int, site_id: int, began: datetime, *, night: int) -> dict[str, Any]:
    ended = began + timedelta(minutes=42)
    return {
        "id": number,
        "site_id": site_id,
        "kind": "full" if night == 1 else "incremental",
        "state": RunState.FINISHED,
        "reason": "",
        "requested_by": "schedule",
        "process": "",
        "started_at": began,
        "finished_at": ended,
        "heartbeat_at": ended,
        "norm": "en301549-3.2.1",
        "rule_set": f"{night // 120:064}",
        "engines": {"axe": "4.14.1"},
        "browser": "Chromium 150.0",
        "settings": {},
        "coverage": {},
        "progress": {},
        "continued": 0,
        "stop_asked": "",
    }


def _causes(session: Session, year: StoredYear) -> list[_Cause]:
    """Sixty causes: of every page, of one template, of a component, and of what people wrote."""
    may_fail = [rule for rule in catalogue().values() if rule.may_fail and rule.area == "accessibility"]
    of_editors = [rule for rule in may_fail if rule.mender is Mender.EDITOR]
    advice = [rule for rule in catalogue().values() if rule.is_advice and rule.area == "content"]
    year.rule, year.content_rule = may_fail[0].id, of_editors[0].id
    kinds = [*(CauseKind.TEMPLATE for _ in range(22)), *(CauseKind.COMPONENT for _ in range(18))]
    found = [(kind, may_fail[place % len(may_fail)]) for place, kind in enumerate(kinds)]
    found += [(CauseKind.CONTENT, rule) for rule in (*of_editors[:14], *advice[:6])]
    causes = []
    for number, (kind, rule) in enumerate(found, 1):
        outcome = Outcome.FAILED if rule.may_fail else Outcome.CANNOT_TELL
        causes.append(_Cause(number, kind, rule, kind.mender(rule.mender), outcome))
    _write(
        session,
        Cluster,
        (
            {
                "id": one.id,
                "site_id": year.site,
                "kind": one.kind.value,
                "key": f"{one.id:032}",
                "rule": one.rule.id,
                "mender": one.mender.value,
                "region": ("header", "footer", "nav", "main")[one.id % 4],
                "details": {},
                "confirmation": None if one.id % 9 == 0 else Confirmation.CONFIRMED.value,
                "first_run_id": 1,
            }
            for one in causes
        ),
    )
    structures = ({"structure": [f"main>{place}>{number}" for place in range(40)]} for number in range(TEMPLATES))
    _write(
        session,
        Cluster,
        (
            {
                "id": 101 + number,
                "site_id": year.site,
                "kind": PAGE_TEMPLATE,
                "key": f"t{number}",
                "rule": "",
                "mender": "",
                "region": "",
                "details": structure,
                "confirmation": None,
                "first_run_id": 1,
            }
            for number, structure in enumerate(structures)
        ),
    )
    year.ids["cause"] = causes[0].id
    return causes


def address(number: int) -> str:
    topic = TOPICS[number % len(TOPICS)]
    return f"{ORIGIN}/" if number == 0 else f"{ORIGIN}/{topic}/{WORDS[number // 10 % len(WORDS)]}-aanvragen-{number}"


def title(number: int) -> str:
    topic, word = TOPICS[number % len(TOPICS)].capitalize(), WORDS[number // 10 % len(WORDS)]
    return f"{topic} {word} aanvragen {number} - Gemeente Voorbeeldstad"


def _nights_of_change(number: int, nights: int) -> list[int]:
    """The runs in which a page was met changed."""
    return list(range(2 + number % CHANGES_EVERY, nights + 1, CHANGES_EVERY))


def _pages(session: Session, year: StoredYear, causes: Sequence[_Cause], pages: int) -> dict[frozenset[str], str]:
    """Pages, their states, what is wrong with them, and when they were looked at; gives the outcomes of each kind of page."""
    nights = len(year.runs)
    _write(
        session,
        Page,
        (
            {
                "id": number + 1,
                "site_id": year.site,
                "identity": address(number),
                "identity_hash": short_hash(address(number).encode()),
                "first_run_id": 1,
                "owner": owner(number),
                "page_type": ("", "form", "news", "product", "contact")[number % 5],
                "template_id": 101 + number % TEMPLATES,
                "author": f"Redacteur {number % 40}",
                "linked_from": 1 + number * 7 % 400,
            }
            for number in range(pages)
        ),
    )
    of_page = [[one for one in causes if one.is_on(number)] for number in range(pages)]
    kinds = {frozenset(one.rule.id for one in found) for found in of_page}
    every = list(catalogue())
    outcomes = {}
    for kind in kinds:
        said = {rule: Outcome.PASSED if place % 3 else Outcome.INAPPLICABLE for place, rule in enumerate(every)}
        said |= {rule: Outcome.FAILED if catalogue()[rule].may_fail else Outcome.CANNOT_TELL for rule in kind}
        outcomes[kind] = put_outcomes(session, said)
    links = put_texts(session, "links", ["[]"])["[]"]
    _write(session, PageState, _states(year, of_page, outcomes, links))
    _write(session, PageCheck, _checks(pages, nights))
    _write(session, Finding, _findings(session, year, of_page))
    _write(session, PageText, (_text(number) for number in range(pages)))
    return outcomes


def owner(number: int) -> str:
    return "" if number % 10 == 9 else f"Team {number % OWNERS}"


def _states(
    year: StoredYear, of_page: Sequence[Sequence[_Cause]], outcomes: dict[frozenset[str], str], links: str
) -> Iterator[dict[str, Any]]:
    for number, found in enumerate(of_page):
        status, reason = ("untested", "load-timeout") if number % 200 == 77 else ("tested", "")
        told = outcomes[frozenset(one.rule.id for one in found)] if status == "tested" else None
        begins = [1, *_nights_of_change(number, len(year.runs))]
        for place, begin in enumerate(begins):
            yield {
                "page_id": number + 1,
                "first_run_id": begin,
                "closed_run_id": begins[place + 1] if place + 1 < len(begins) else None,
                "status": status,
                "reason": reason,
                "http_status": 200,
                "title": title(number),
                "language": "nl",
                "depth": 1 + number % 6,
                "dom_hash": f"{number:032}{begin:08}",
                "assets_hash": "a" * 32,
                "judged_with": "j" * 32,
                "etag": f'"{number}-{begin}"',
                "outcomes_blob": told,
                "links_blob": links,
                "notes": [],
                "weight": None,
            }


def _checks(pages: int, nights: int) -> Iterator[dict[str, Any]]:
    for number in range(pages):
        turns = set(range(1 + number % LOOKED_AT_EVERY, nights + 1, LOOKED_AT_EVERY))
        for run in sorted({1, *turns, *_nights_of_change(number, nights)}):
            yield {"page_id": number + 1, "run_id": run}


def _findings(session: Session, year: StoredYear, of_page: Sequence[Sequence[_Cause]]) -> Iterator[dict[str, Any]]:
    shared = {
        f'<a class="knop knop--{number}" href="/meer"><img src="/bestanden/{number}.png"> Lees meer</a>' for number in range(500)
    }
    snippets = sorted(put_texts(session, "snippet", shared).values())
    count = 0
    for number, found in enumerate(of_page):
        changes = _nights_of_change(number, len(year.runs))
        for cause in found:
            for time in range(2 if cause.kind is CauseKind.CONTENT else 1):
                begin = 1 if cause.id % 7 else 1 + cause.id * 5 % len(year.runs)
                ends = [run for place, run in enumerate(changes) if (place + time + cause.id) % 3 == 0 and run > begin]
                borders = [begin, *(ends if cause.kind is CauseKind.CONTENT else ()), None]
                for place, first in enumerate(borders[:-1]):
                    count += 1
                    yield _finding(year, number, cause, f"{count:032x}", snippets[count % 500], first or 1, borders[place + 1])
        if number % 3 == 0 and len(year.runs) > 60:  # what was wrong and has been mended: six rules, one after the other
            cause = found[0]
            count += 1
            gone = len(year.runs) - 10 * (1 + number % 6)
            mended = _finding(year, number, cause, f"{count:032x}", snippets[count % 500], 1, gone)
            yield mended | {"rule": MENDED[number % 6], "cluster_id": None}


MENDED = ("image-alternative", "page-language", "link-name", "form-field-name", "frame-title", "page-title")


def _finding(
    year: StoredYear, number: int, cause: _Cause, fingerprint: str, snippet: str, first: int, closed: int | None
) -> dict[str, Any]:
    path = f"html > body > main#inhoud > article > section.{WORDS[cause.id % len(WORDS)]} > p > a.knop"
    return {
        "site_id": year.site,
        "page_id": number + 1,
        "fingerprint": fingerprint,
        "state": "loaded",
        "rule": cause.rule.id,
        "rule_version": cause.rule.version,
        "outcome": cause.outcome.value,
        "impact": cause.rule.impact.value,
        "engines": ["axe"],
        "frames": [],
        "selector": f"section.{WORDS[cause.id % len(WORDS)]} > p > a",
        "path": path,
        "snippet_blob": snippet,
        "message": cause.outcome.value,
        "arguments": {},
        "cluster_id": cause.id,
        "first_run_id": first,
        "closed_run_id": closed,
        "confirmation": Confirmation.CONFIRMED.value if cause.outcome is Outcome.FAILED and cause.id % 9 else None,
    }


def _text(number: int) -> dict[str, Any]:
    topic, word = TOPICS[number % len(TOPICS)], WORDS[number // 10 % len(WORDS)]
    body = " ".join(f"{WORDS[(number + place) % len(WORDS)]}{(number * 31 + place * place) % 997}" for place in range(120))
    return {
        "page_id": number + 1,
        "headings": f"{topic} {word}\nAanvragen\nKosten",
        "title_stems": f"{topic} {word} aanvrag {number}",
        "heading_stems": f"{topic} {word} aanvrag kost",
        "text_stems": f"{topic} gemeent {body}",
    }


def _roll_up(
    session: Session, year: StoredYear, causes: Sequence[_Cause], outcomes: dict[frozenset[str], str], pages: int
) -> None:
    """The figures that every run leaves; of the last one exactly, of those before it a little more each night back."""
    judged = Page.id.in_(select(PageState.page_id).where(PageState.closed_run_id.is_(None), PageState.status == "tested"))
    is_open = (Finding.site_id == year.site, Finding.closed_run_id.is_(None), Finding.page_id.in_(select(Page.id).where(judged)))
    query = select(Finding.rule, Finding.outcome, func.count(), func.count(Finding.page_id.distinct())).where(*is_open)
    now: dict[str, dict[str, int]] = {rule: {"failed": 0, "cannot_tell": 0, "failed_pages": 0} for rule in catalogue()}
    for rule, outcome, count, on_pages in session.execute(query.group_by(Finding.rule, Finding.outcome)):
        now[rule]["failed" if outcome == "failed" else "cannot_tell"] = count
        if outcome == "failed":
            now[rule]["failed_pages"] = on_pages
    fails = (*is_open, Finding.outcome == "failed", Finding.rule.not_in(duties()))
    failing = session.scalar(select(func.count(Finding.page_id.distinct())).where(*fails)) or 0
    untested = sum(number % 200 == 77 for number in range(pages))
    tested = pages - untested
    last = len(year.runs)

    def rows() -> Iterator[dict[str, Any]]:
        for run in year.runs:
            for rule, row in now.items():
                more = (last - run) // 30
                yield {
                    "run_id": run,
                    "rule": rule,
                    "rule_version": catalogue()[rule].version,
                    "failed": row["failed"] + more * bool(row["failed"]),
                    "cannot_tell": row["cannot_tell"],
                    "failed_pages": row["failed_pages"],
                    "pages": tested,
                    "new": run % 3,
                    "closed": run % 4,
                }

    _write(session, RunRule, rows())
    failed, asked = sum(row["failed"] for row in now.values()), sum(row["cannot_tell"] for row in now.values())

    def figures() -> Iterator[dict[str, Any]]:
        for run in year.runs:
            values = {
                "pages_tested": tested,
                "pages_with_failure": failing,
                "pages_with_confirmed_failure": failing,
                "failed_findings": failed + last - run,
                "cannot_tell_findings": asked,
                "new_findings": 40 + run % 9,
                "closed_findings": 44 + run % 7,
                "links": 30_000,
                "dead_links": 150 + run % 30,
                "panel_pages": tested,
                "panel_before": failing + 2,
                "panel_now": failing,
                "panel_came": 1,
                "panel_went": 0,
                "pages_measured": 100,
                "median_bytes": 1_230_000 - run,
                "median_requests": 34,
                "median_first_byte_ms": 120,
                "median_largest_paint_ms": 1_340,
                "median_shift": 0.05,
            }
            yield from ({"run_id": run, "name": name, "value": value} for name, value in values.items())

    _write(session, RunFigure, figures())
    fresh = pages // LOOKED_AT_EVERY
    coverage = {
        "found": pages,
        "tested": fresh,
        "carried_over": tested - fresh,
        "untested": untested,
        "skipped": 0,
        "documents": 800,
    }
    for run in session.scalars(select(Run).where(Run.site_id == year.site)):
        run.coverage = coverage
    session.flush()


def _links(session: Session, year: StoredYear, pages: int) -> None:
    """Thirty thousand addresses; a dead one and two that moved stand in the frame of every page."""
    classes = [("dead", 150), ("soft-404", 50), ("moved", 800), ("blocked", 120), ("unsure", 80), ("not asked", 400)]
    troubled = [name for name, count in classes for _ in range(count)]
    rows = []
    for number, name in enumerate([*troubled, *["ok"] * (30_000 - len(troubled))], 1):
        url = f"https://elders.example.org/{name.replace(' ', '-')}/{number}"
        rows.append(
            {
                "id": number,
                "site_id": year.site,
                "url": url,
                "url_hash": short_hash(url.encode()),
                "link_class": name,
                "status": {"dead": 404, "blocked": 403, "not asked": None, "unsure": None}.get(name, 200),
                "reason": "",
                "final_url": f"{url}/nieuw" if name == "moved" else "",
                "content_type": "text/html",
                "permanent": number % 2 == 0,
                "fragment": "",
                "suggestion": "",
                "suggestion_reason": "",
                "first_run_id": 1 + number % len(year.runs),
            }
        )
    _write(session, Link, rows)
    of_frame = [troubled.index("dead") + 1, troubled.index("moved") + 1, troubled.index("moved") + 2]

    def sources() -> Iterator[dict[str, Any]]:
        for number in range(1, len(troubled) + 1):
            on = range(pages) if number in of_frame else (number * 37 % pages, number * 91 % pages)
            for page in on:
                yield {
                    "link_id": number,
                    "page_id": page + 1,
                    "text": f"Lees meer over {TOPICS[number % 10]}",
                    "element": "a",
                    "via": "",
                }

    _write(session, LinkSource, sources())


def _documents(session: Session, year: StoredYear, pages: int) -> None:
    rules = [rule for rule in catalogue().values() if rule.of_documents][:6]
    documents, states, found, links, sources = [], [], [], [], []
    for number in range(1, 801):
        url = f"{ORIGIN}/bestanden/{TOPICS[number % 10]}-{number}.pdf"
        digest = short_hash(url.encode())
        documents.append({"id": number, "site_id": year.site, "url": url, "url_hash": digest, "first_run_id": 1})
        facts = asdict(DocumentFacts(number % 60, 900, title=f"Bijlage {number}", language="nl", tagged=number % 2 == 0))
        states.append(
            {
                "document_id": number,
                "first_run_id": 1,
                "kind": "application/pdf",
                "status": "tested",
                "reason": "",
                "facts": facts,
                "outcomes": {},
                "notes": [],
                "etag": "",
                "last_modified": "",
                "judged_with": "",
            }
        )
        for rule in rules[number % 4 : number % 4 + 2]:
            outcome = (Outcome.FAILED if rule.may_fail else Outcome.CANNOT_TELL).value
            found.append(
                {
                    "document_id": number,
                    "first_run_id": 1,
                    "fingerprint": f"{number}{rule.id}"[:32],
                    "rule": rule.id,
                    "rule_version": rule.version,
                    "outcome": outcome,
                    "impact": rule.impact.value,
                    "engines": ["vierluik"],
                    "selector": "p. 1",
                    "path": "",
                    "snippet": "<Figure>",
                    "message": outcome,
                    "arguments": {},
                }
            )
        links.append(
            {
                "id": 30_000 + number,
                "site_id": year.site,
                "url": url,
                "url_hash": digest,
                "link_class": "ok",
                "status": 200,
                "content_type": "application/pdf",
                "first_run_id": 1,
            }
        )
        sources += [
            {"link_id": 30_000 + number, "page_id": number * one % pages + 1, "text": "Bijlage", "element": "a", "via": ""}
            for one in (3, 7, 11)
        ]
    for model, rows in (
        (Document, documents),
        (DocumentState, states),
        (DocumentFinding, found),
        (Link, links),
        (LinkSource, sources),
    ):
        _write(session, model, rows)


def _decisions(session: Session, year: StoredYear, pages: int) -> None:
    """Two thousand decisions in four hundred goes, some about whole causes."""
    query = select(Finding.page_id, Finding.fingerprint, Finding.rule).join(Cluster, Cluster.id == Finding.cluster_id)
    query = query.where(Finding.site_id == year.site, Finding.closed_run_id.is_(None), Cluster.kind == CauseKind.CONTENT)
    kinds = (
        ("later", "planned"),
        ("given", "given"),
        ("question", "asked"),
        ("not-correct", "false-alarm"),
        ("accepted", "exempt"),
    )
    rows = []
    for number, (page, fingerprint, rule) in enumerate(session.execute(query.order_by(Finding.page_id, Finding.id).limit(2_000))):
        kind, reason = kinds[number // 5 % 5]
        decided = NOW - timedelta(days=number % 300)
        due = (decided + timedelta(days=60)).date() if kind in ("later", "given", "question") else None
        rows.append(
            {
                "site_id": year.site,
                "page_id": page,
                "cluster_id": None,
                "fingerprint": fingerprint,
                "rule": rule,
                "batch": f"b{number // 5}",
                "kind": kind,
                "reason": reason,
                "note": "Besproken in het overleg van dinsdag.",
                "person": f"Redacteur {number % 40}",
                "needs_second": number % 25 == 15,
                "assignee": f"Team {number % OWNERS}" if kind in ("given", "question") else "",
                "due_on": due,
                "decided_at": decided,
                "expires_at": decided + timedelta(days=60 if kind == "later" else 365)
                if kind in ("later", "not-correct", "accepted")
                else None,
            }
        )
    _write(session, Decision, rows)
    of_causes = [
        {
            "site_id": year.site,
            "page_id": None,
            "cluster_id": number,
            "fingerprint": "",
            "rule": session.get_one(Cluster, number).rule,
            "batch": f"c{number}",
            "kind": "with-supplier",
            "reason": "ticket",
            "note": "",
            "person": "Adviseur",
            "decided_at": NOW - timedelta(days=20),
            "expires_at": NOW + timedelta(days=100),
        }
        for number in (3, 5, 24)
    ]
    _write(session, Decision, of_causes)
    _write(
        session,
        OwnerRule,
        (
            {
                "site_id": year.site,
                "kind": "section",
                "value": f"/{TOPICS[number % 10]}/{number}",
                "owner": f"Team {number % OWNERS}",
                "source": "file",
                "said_by": "Beheerder",
                "said_at": NOW,
            }
            for number in range(240)
        ),
    )


def _kpis(session: Session, year: StoredYear) -> None:
    nights = len(year.runs)
    _write(
        session,
        KpiPoint,
        (
            {
                "site_id": year.site,
                "kpi": kpi.id,
                "day": _moment(year, night).date(),
                "version": kpi.version,
                "value": 40.0 + night / 20 % 30,
                "count": 40.0,
                "of": 100.0,
                "made_with": f"{night // 120}",
            }
            for kpi in kpis().values()
            for night in range(nights)
        ),
    )
    _write(
        session,
        KpiTarget,
        (
            {
                "site_id": year.site,
                "kpi": kpi,
                "first_day": NOW.date() - timedelta(days=300),
                "first_value": 40.0,
                "last_day": NOW.date() + timedelta(days=200),
                "last_value": 90.0,
                "owner": "Team Web",
                "review_on": None,
                "said_by": "Manager",
                "said_at": NOW,
            }
            for kpi in kpis()
        ),
    )
    kinds = ("campaign", "release", "news", "other")
    _write(
        session,
        Annotation,
        (
            {
                "site_id": year.site,
                "day": (NOW - timedelta(days=6 * number)).date(),
                "kind": kinds[number % 4],
                "words": f"Nieuwe uitgave van het thema, deel {number}",
                "person": "Adviseur",
            }
            for number in range(60)
        ),
    )


def _searches(session: Session, year: StoredYear, query_weeks: int) -> None:
    """A year of totals a week of each query, and the single searches of the last ninety days."""
    queries = min(QUERIES, query_weeks // 12)
    source = SearchSource(site_id=year.site, name="combined", kind="combined", facts=[], options={})
    session.add(source)
    session.flush()
    monday = NOW.date() - timedelta(days=NOW.weekday() + 7 * WEEKS)
    _write(
        session,
        SearchImport,
        (
            {
                "source_id": source.id,
                "digest": f"{week:064}",
                "imported_at": NOW - timedelta(weeks=WEEKS - week),
                "first_day": monday + timedelta(weeks=week),
                "last_day": monday + timedelta(days=7 * week + 6),
                "lines": 40_000,
                "searches": 9_000,
                "clicks": 6_000,
                "added": 4_800,
                "bad_lines": 3,
                "bad_samples": {},
                "left_out": {},
                "masked": {"bsn": 2},
            }
            for week in range(WEEKS)
        ),
    )
    _write(
        session,
        SearchQuery,
        (
            {
                "site_id": year.site,
                "id": number,
                "text": f"{TOPICS[number % 10]} {WORDS[number // 10 % 30]} {number // 300}".strip(),
            }
            for number in range(1, queries + 1)
        ),
    )

    def totals() -> Iterator[dict[str, Any]]:
        a_week = query_weeks // WEEKS
        for week in range(WEEKS):
            first = monday + timedelta(weeks=week)
            asked = sorted({(place * place // 3 + week * 7) % queries + 1 for place in range(2 * a_week)})[:a_week]
            for query in asked:
                searches = 1 + 3_000 // (query + 9) + query % 4
                known = searches - searches // 8
                yield {
                    "source_id": source.id,
                    "first_day": first,
                    "last_day": first + timedelta(days=6),
                    "query_id": query,
                    "searches": searches,
                    "sessions": searches,
                    "known_results": known,
                    "zero_results": known if query % 17 == 0 else 0,
                    "clicked": 2 * searches // 3,
                    "abandoned": searches - 2 * searches // 3,
                    "exits": searches // 5,
                    "spelling": 0,
                    "added": searches // 9,
                    "removed": 0,
                    "replaced": searches // 11,
                    "positioned": searches // 2,
                    "reciprocal_ranks": searches / 4,
                }

    _write(session, SearchTotal, totals())
    sum_up(session, source.id, monday, NOW.date())
    _write(
        session,
        SearchEventRow,
        (
            {
                "source_id": source.id,
                "at_ms": int((NOW - timedelta(minutes=4 * number)).timestamp()) * 1000,
                "query_id": 1 + number % 900,
                "is_click": number % 3 == 0,
                "ordinal": 0,
                "import_id": WEEKS,
                "session": number // 3,
                "page": address(number * 7 % 900) if number % 3 == 0 else None,
                "hits": 5,
                "position": 1 + number % 7 if number % 3 == 0 else None,
                "exits": False,
            }
            for number in range(30_000)
        ),
    )
    _write(
        session,
        SearchGap,
        (
            {
                "site_id": year.site,
                "query_id": 17 * number,
                "measured": "results",
                "visits": 4_000 // number,
                "searches": 4_000 // number,
                "missed": 3_900 // number,
                "days": 90,
                "gap": ("missing", "other-words", "not-found")[number % 3],
                "page": address(number) if number % 3 else "",
                "meant": TOPICS[number % 10] if number % 3 == 1 else "",
                "judged_at": NOW,
                "done_at": NOW - timedelta(days=9) if number % 11 == 0 else None,
            }
            for number in range(1, min(110, queries // 17))
        ),
    )
    _write(
        session,
        SearchCluster,
        (
            {"site_id": year.site, "query_id": number, "head_id": number // 6 * 6 or 1, "product": ""}
            for number in range(1, queries // 4)
        ),
    )
    google = SearchSource(site_id=year.site, name="google", kind=Source.SEARCH_CONSOLE.value, facts=[], options={})
    session.add(google)
    session.flush()
    _write(
        session,
        SearchTotal,
        (
            {
                "source_id": google.id,
                "first_day": monday + timedelta(weeks=4 * month),
                "last_day": monday + timedelta(days=28 * month + 27),
                "query_id": query,
                "searches": 9_000 // query + 3,
                "sessions": None,
                "clicked": 3_000 // query,
                "positioned": 1,
                "reciprocal_ranks": 0.3,
            }
            for month in range(12)
            for query in range(1, 2_000)
        ),
    )
    sum_up(session, google.id, monday, NOW.date())
    year.ids["query"] = 3


def _tasks(session: Session, year: StoredYear) -> None:
    """A hundred and twenty tasks, tested every week."""
    verdicts = ("found", "found", "found", "wrong-words", "barrier", "content-missing", "untested")
    tests = range(1, WEEKS + 1)
    for task in range(1, 121):
        state = "confirmed" if task <= 100 else "proposed"
        session.add(
            FindabilityTask(
                id=task,
                site_id=year.site,
                title=f"{TOPICS[task % 10].capitalize()} regelen {task}",
                product="",
                state=state,
                source="log",
                queries=[TOPICS[task % 10], WORDS[task % 30]],
                grades={address(task): 3},
                people=900 // task,
                created_at=NOW,
            )
        )
    means = {"tasks": 100, "success_at_1": 0.5, "success_at_3": 0.7, "mrr": 0.6, "ndcg": 0.6, "no_results": 0.1, "forgiven": 0.25}
    shape = {
        "depths": {str(depth): 1_600 for depth in range(7)},
        "unlinked": [],
        "dead_ends": [],
        "counts": {"unlinked": 0, "dead_ends": 0},
    }
    for test in tests:
        began = NOW - timedelta(weeks=WEEKS - test, hours=2)
        session.add(
            FindabilityRun(
                id=test,
                site_id=year.site,
                state=RunState.FINISHED,
                requested_by="schedule",
                started_at=began,
                finished_at=began + timedelta(minutes=20),
                figures={**means, "shape": shape},
            )
        )
    session.flush()
    figures = {
        "queries": 2,
        "success_at_1": 0.5,
        "success_at_3": 0.7,
        "mrr": 0.6,
        "ndcg": 0.6,
        "no_results": 0.1,
        "variants": 4,
        "forgiven": 0.25,
    }
    results = tuple(SearchResult(address(place), title(place)) for place in range(10))
    asked = (("paspoort", QueryKind.AS_WRITTEN), ("paspoort aanvragen", QueryKind.OWN_TITLE), ("paspoot", QueryKind.AS_WRITTEN))
    answers = tuple(
        JudgedAnswer(words, kind, AnswerOutcome.FOUND, "", 3, 0.3, 0.4, 12, 10, 0.5, f"{ORIGIN}/zoeken?q={words}", results)
        for words, kind in asked
    )
    details = TaskDetails(answers).as_stored()
    _write(
        session,
        FindabilityResult,
        (
            {
                "run_id": test,
                "task_id": task,
                "verdict": verdicts[(task + test // 20) % 7],
                "rank": 1 + task % 9,
                "figures": figures,
                "details": details,
            }
            for test in tests
            for task in range(1, 101)
        ),
    )
    session.add(
        SiteSearchRow(
            site_id=year.site,
            state="confirmed",
            settings={"results": "ol > li", "template": f"{ORIGIN}/zoeken?q={{query}}"},
            example={},
            learned_at=NOW,
        )
    )
    session.flush()
    year.ids["task"] = 1


def _journeys(session: Session, year: StoredYear) -> None:
    """Eight journeys, walked every week in every way."""
    steps = (JourneyStep(StepKind.OPEN, "/"), JourneyStep(StepKind.CLICK, "Aanvragen"), JourneyStep(StepKind.EXPECT, "Bedankt"))
    texts = [Journey(f"{topic} regelen", steps, "Een doel", topic, "doen").as_text() for topic in TOPICS[:8]]
    for place, words in enumerate(texts):
        session.add(
            JourneyRow(
                id=place + 1,
                site_id=year.site,
                title=f"{TOPICS[place]} regelen",
                text=words,
                state="confirmed",
                source="file",
                created_at=NOW,
            )
        )
    session.flush()
    seen = StepSeen(StepOutcome.PASSED, seconds=0.4, requests=3, kilobytes=12, title="Welkom").as_stored()
    figures = {
        "ways": 5,
        "ways_done": 5,
        "steps": 3,
        "clicks": 1,
        "problems": 0,
        "barriers": 1,
        "most_fields": 5,
        "seconds": 12.5,
        "kilobytes": 240,
        "errors": 0,
        "presses": 9,
    }
    rows, runs = [], []
    for number in range(1, 8 * WEEKS + 1):
        place = (number - 1) % 8
        began = NOW - timedelta(weeks=WEEKS - 1 - (number - 1) // 8, hours=3)
        verdict = Verdict.BROKEN if number % 29 == 0 else Verdict.COMPLETED
        runs.append(
            {
                "id": number,
                "journey_id": place + 1,
                "verdict": verdict,
                "requested_by": "schedule",
                "started_at": began,
                "finished_at": began,
                "text": texts[place],
                "figures": figures,
            }
        )
        rows += [
            {"run_id": number, "way": way, "number": step, "outcome": StepOutcome.PASSED, "seen": seen, "findings": {}}
            for way in Way
            for step in range(3)
        ]
    _write(session, JourneyRun, runs)
    _write(session, JourneyStepRow, rows)
    year.ids["journey"] = 1


def _availability(session: Session, year: StoredYear) -> None:
    kinds = ("start", "task", "search", "form")
    _write(
        session,
        WatchedAddress,
        (
            {
                "id": number,
                "site_id": year.site,
                "url": f"{address(number)}?watch",
                "kind": kinds[number % 4],
                "label": title(number)[:200],
                "is_on": True,
                "proposed": True,
                "expects": {},
                "created_at": NOW - timedelta(days=365),
                "asked_at": NOW,
            }
            for number in range(1, 41)
        ),
    )
    _write(
        session,
        AvailabilityDay,
        (
            {
                "address_id": number,
                "day": (NOW - timedelta(days=day)).date(),
                "asked": 288,
                "up": 288 - (day + number) % 13 // 12,
                "unknown": 0,
                "slowest_ms": 900,
                "median_ms": 120,
                "times": [],
            }
            for number in range(1, 41)
            for day in range(365)
        ),
    )
    intervals = []
    for number in range(1, 41):
        for day in range(360, 0, -36):
            down = NOW - timedelta(days=day)
            intervals += [
                {
                    "address_id": number,
                    "state": "down",
                    "reason": "timeout",
                    "began_at": down,
                    "ended_at": down + timedelta(minutes=20),
                },
                {
                    "address_id": number,
                    "state": "up",
                    "reason": "",
                    "began_at": down + timedelta(minutes=20),
                    "ended_at": None if day == 36 else NOW - timedelta(days=day - 36),
                },
            ]
    _write(session, AvailabilityInterval, intervals)


def _people(session: Session, year: StoredYear, pages: int) -> None:
    """Visits of each page in each month, what visitors said, and who changed what."""
    months = [(NOW.date().replace(day=1) - timedelta(days=30 * back)).replace(day=1) for back in range(12)]
    _write(
        session,
        Measurement,
        (
            {
                "site_id": year.site,
                "series": "Bezoeken",
                "source": "Matomo",
                "address_hash": short_hash(address(number).encode()),
                "first_day": month,
                "last_day": month + timedelta(days=27),
                "address": address(number),
                "kpi": "visits",
                "value": float(9_000 // (number + 1) + number % 50),
                "answers": None,
                "imported_at": NOW,
            }
            for month in dict.fromkeys(months)
            for number in range(pages)
        ),
    )
    _write(
        session,
        FeedbackAnswer,
        (
            {
                "site_id": year.site,
                "id": number,
                "address": address(number * 3 % pages),
                "address_hash": short_hash(address(number * 3 % pages).encode()),
                "day": (NOW - timedelta(days=number % 360)).date(),
                "rating": (number % 5) / 4,
                "comment": "Duidelijk." if number % 4 == 0 else "",
            }
            for number in range(1, 20_001)
        ),
    )
    changes = {"state": ["proposed", "confirmed"], "title": ["", "Paspoort"]}
    _write(
        session,
        AuditEntry,
        (
            {
                "at": NOW - timedelta(minutes=50 * number),
                "person": f"Redacteur {number % 40}",
                "action": "changed",
                "table": "decision",
                "key": str(number),
                "site_id": year.site,
                "changes": changes,
            }
            for number in range(10_000, 0, -1)
        ),
    )


def _messages(session: Session, year: StoredYear) -> None:
    for number in range(1, 13):
        session.add(
            Subscriber(
                id=number,
                name=f"Redacteur {number}",
                channel="mail",
                address=f"r{number}@voorbeeldstad.example",
                language="nl",
                token=f"t{number}",
                created_at=NOW,
            )
        )
    session.flush()
    _write(
        session,
        Subscription,
        (
            {
                "subscriber_id": number,
                "site_id": year.site,
                "kinds": ["digest", "alarms"],
                "sections": [],
                "told_run_id": 0,
                "told_test_id": 0,
                "withheld": [],
                "looked_at": NOW,
            }
            for number in range(1, 13)
        ),
    )
    alarms = {"site_id": year.site, "site": "Voorbeeldstad", "time_zone": "Europe/Amsterdam", "told": []}
    _write(
        session,
        OutboxMessage,
        (
            {
                "key": f"m{number}",
                "subscriber_id": 1 + number % 12,
                "site_id": year.site,
                "kind": "alarms",
                "content": alarms,
                "state": "sent",
                "tries": 1,
                "next_try_at": NOW,
                "written_at": NOW - timedelta(hours=4 * number),
                "sent_at": NOW - timedelta(hours=4 * number),
            }
            for number in range(2_000, 0, -1)
        ),
    )
    _write(
        session,
        Alarm,
        (
            {
                "site_id": year.site,
                "kind": "page-down",
                "key": str(number),
                "subject": address(number),
                "facts": {"reason": "timeout"},
                "began_at": NOW - timedelta(hours=17 * number),
                "seen_at": NOW - timedelta(hours=17 * number),
                "told_at": NOW,
                "ended_at": None if number < 4 else NOW,
            }
            for number in range(500, 0, -1)
        ),
    )
    kinds = ("run", "check_page", "journeys", "import")
    _write(
        session,
        Request,
        (
            {
                "site_id": year.site,
                "kind": kinds[number % 4],
                "arguments": {},
                "state": "done",
                "requested_by": "dashboard",
                "requested_at": NOW - timedelta(hours=2 * number),
                "finished_at": NOW - timedelta(hours=2 * number),
                "result": {},
            }
            for number in range(1_000, 0, -1)
        ),
    )


def _evaluations(session: Session, year: StoredYear) -> None:
    """An evaluation of fifty pages in which four hundred things fail, and two before it."""
    criteria = sorted({number for rule in catalogue().values() for number in rule.criteria})
    for number in (1, 2, 3):
        session.add(
            StoredEvaluation(
                id=number,
                site_id=year.site,
                kind="full",
                norm="en301549-3.2.1",
                run_id=year.runs[-1],
                made_on=NOW.date(),
                evaluators=["Anna", "Bert"],
                details={"title": f"Onderzoek {number}", "technologies": ["HTML"], "language": "nl"},
                seed="s",
                frame=9_000,
                retested=[],
                machine={
                    "run": year.runs[-1],
                    "on": NOW.date().isoformat(),
                    "known": 10_000,
                    "tested": 9_950,
                    "skipped": 0,
                    "untested": 50,
                    "tool": "Vierluik",
                    "engines": ["axe 4"],
                    "browser": "Chromium",
                    "tests": [],
                    "asks": [],
                },
                created_at=NOW,
                changed_at=NOW,
            )
        )
    session.flush()
    _write(
        session,
        StoredSamplePage,
        (
            {
                "evaluation_id": 1,
                "number": number,
                "url": address(number),
                "title": title(number),
                "part": "structured" if number <= 45 else "random",
                "role": "random",
                "page_id": number + 1,
                "template": 101 + number % TEMPLATES,
                "is_document": False,
            }
            for number in range(1, 51)
        ),
    )
    words = {
        "description": "De afbeelding heeft geen alternatief, zodat een blinde bezoeker niet weet wat er staat.",
        "cause": "CMS",
        "effect": "Blinde bezoekers",
        "measure": "Vul het veld in.",
    }
    _write(
        session,
        StoredAssessment,
        (
            {
                "evaluation_id": 1,
                "criterion": criterion,
                "page": page,
                "assessor": "Anna",
                "outcome": "failed" if (place * 50 + page) % 5 == 0 else "passed",
                "texts": words if (place * 50 + page) % 5 == 0 else {},
                "version": 1,
                "saved_at": NOW,
            }
            for place, criterion in enumerate(criteria[:40])
            for page in range(1, 51)
        ),
    )
    year.ids |= {"evaluation": 1, "evaluation_page": 5, "criterion": criteria[0]}


def _barriers(session: Session, year: StoredYear, pages: int) -> None:
    """What residents and experts met on one page in two hundred and fifty."""
    today = NOW.date()
    met = [
        checked_barrier(
            address=address(number),
            what=f"Het lukte niet om stap {number % 4 + 1} met de voorleessoftware af te maken.",
            source=list(BarrierSource)[number % len(BarrierSource)].value,
            on=(today - timedelta(days=number % 300)).isoformat(),
            today=today,
            criterion="4.1.2",
        )
        for number in range(0, pages, max(1, pages // 40))
    ]
    keep_barriers(session, session.get_one(Site, year.site), met, "An", NOW)


def _products(session: Session, year: StoredYear, pages: int) -> None:
    upl = "http://standaarden.overheid.nl/owms/terms/"
    _write(
        session,
        ListedProduct,
        (
            {
                "uri": f"{upl}{number}",
                "name": f"{TOPICS[number % 10]} {WORDS[number // 10 % 30]} {number}",
                "sdg": "",
                "for_municipality": True,
                "for_citizen": True,
                "for_business": False,
                "is_request": number % 2 == 0,
                "is_subsidy": False,
                "is_notification": False,
                "is_duty": False,
                "by_digid": False,
                "imported_at": NOW,
            }
            for number in range(600)
        ),
    )
    _write(
        session,
        ProductCoverageRow,
        (
            {
                "site_id": year.site,
                "uri": f"{upl}{number}",
                "page_id": 1 + number % pages if number % 3 else None,
                "matched_by": "title" if number % 3 else "",
                "pages": 1 if number % 3 else 0,
                "form": "not-seen",
                "form_url": "",
                "searches": 900 // (number + 1),
                "queries": [],
                "looked_at": NOW,
            }
            for number in range(600)
        ),
    )


def _tickets(session: Session, year: StoredYear) -> None:
    for number in range(1, 61):
        session.add(
            Ticket(
                id=number,
                site_id=year.site,
                cluster_id=None,
                rule=year.rule,
                language="nl",
                title=f"Kop {number} in de voet van elke pagina",
                body="## Wat\n\n" + "Woorden. " * 200,
                pages=10_000,
                person="Adviseur",
                created_at=NOW - timedelta(days=6 * number),
                delivery="by-hand",
            )
        )
    session.flush()
    _write(
        session,
        TicketStep,
        (
            {
                "ticket_id": number,
                "state": state,
                "at": NOW - timedelta(days=6 * number - place),
                "person": "Adviseur",
                "note": "",
            }
            for number in range(1, 61)
            for place, state in enumerate(("open", "held", "returned", "closed"))
        ),
    )
    year.ids["ticket"] = 1


def _other_sites(session: Session, count: int) -> None:
    """The other sites of a large organisation, each with a year of monthly runs and a statement in the register."""
    first_site, first_run = 2, (session.scalar(select(func.max(Run.id))) or 0) + 1
    hosts = [f"www.gemeente-{number}.example" for number in range(count)]
    for place, host in enumerate(hosts):
        session.add(
            Site(
                id=first_site + place,
                name=f"Gemeente {place}",
                start_url=f"https://{host}/",
                origins=[f"https://{host}"],
                path_prefix="/",
                settings={"owner": f"Team {place % OWNERS}"},
                time_zone="Europe/Amsterdam",
                created_at=NOW,
            )
        )
    session.flush()
    runs, figures = [], []
    for place in range(count):
        for month in range(12):
            number = first_run + 12 * place + month
            runs.append(_run(number, first_site + place, NOW - timedelta(days=30 * (12 - month)), night=number))
            figures += [
                {"run_id": number, "name": name, "value": value}
                for name, value in (
                    ("pages_tested", 900),
                    ("pages_with_confirmed_failure", 400 - 10 * month),
                    ("pages_with_failure", 420),
                )
            ]
    _write(session, Run, runs)
    _write(session, RunFigure, figures)
    _write(
        session,
        Statement,
        (
            {
                "number": str(place),
                "host": host.removeprefix("www."),
                "name": f"Gemeente {place}",
                "status": "ABCDE"[place % 5],
                "agreed_on": NOW.date() - timedelta(days=place),
                "url": f"https://register.example/{place}",
                "imported_at": NOW,
            }
            for place, host in enumerate(hosts)
        ),
    )


def _accounts(session: Session, year: StoredYear) -> None:
    """Three hundred people, and one who may do everything and has logged in."""
    _write(
        session,
        Account,
        (
            {
                "id": number,
                "mail": f"r{number}@voorbeeldstad.example",
                "name": f"Redacteur {number}",
                "team": f"Team {number % OWNERS}",
                "password_hash": "",
                "recovery": [],
                "created_at": NOW,
            }
            for number in range(1, 301)
        ),
    )
    _write(session, Membership, ({"account_id": number, "site_id": year.site, "role": "editor"} for number in range(2, 301)))
    _write(session, Membership, ({"account_id": 1, "site_id": None, "role": role.value} for role in Role))
    year.token = begin_session(session, session.get_one(Account, 1), NOW, whole=True)


def most_open(session: Session, site_id: int) -> int:
    """The page on which most is open."""
    count = func.count()
    query = select(Finding.page_id).where(Finding.site_id == site_id, Finding.closed_run_id.is_(None)).group_by(Finding.page_id)
    return session.scalars(query.order_by(count.desc(), Finding.page_id).limit(1)).one()
