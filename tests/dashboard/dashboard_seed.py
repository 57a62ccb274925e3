"""Stored sites for the dashboard's tests: eight weekly runs over one site, and sites in every other state."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import zlib
from collections import Counter, defaultdict
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from journey_seed import add_journeys
from PIL import Image
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from checks.search_log.journeys import totals_of_day
from rules.availability import Answer, Availability, Expected, Look
from rules.content_gap import FoundPage, Gap, GapVerdict
from rules.decision import DecisionKind, Wanted
from rules.document import DocumentFacts, DocumentKind, DocumentResult, TextKind
from rules.evaluation import WHOLE_SAMPLE, Assessment, Exemption
from rules.feedback import Feedback
from rules.findability import (
    AnswerOutcome,
    Barrier,
    JudgedAnswer,
    QueryKind,
    ResultList,
    RightPage,
    SearchResult,
    SearchTask,
    SiteSearch,
    Step,
    TaskDetails,
    TaskFigures,
    TaskState,
    TaskVerdict,
    WayThere,
)
from rules.finding import Finding as JudgedFinding
from rules.finding import Target
from rules.kpi import Target as KpiPath
from rules.measurement import Measurement as Measured
from rules.message import AlarmKind, Alarms, Channel, MessageKind
from rules.outcome import Impact, Outcome
from rules.owners import OwnedBy, OwnerRule
from rules.page_picture import PagePicture
from rules.product_coverage import MatchedBy, OnlineForm, ProductCoverage, ProductSearches
from rules.rule import catalogue
from rules.run import RunState
from rules.search_log import IMPORT, KNOWS, SearchEvent, Source, Tally, text_number
from rules.task import PageStatus
from rules.ticket import DeliveryState, TicketState
from rules.upl import Product
from rules.weight import Weight
from storage.alarms import Trouble, Troubles, keep_alarms
from storage.availability import add_address, addresses_of_site, note_look, propose_addresses, switch_address
from storage.availability_models import WatchedAddress
from storage.check_models import PageCheck
from storage.database import Database
from storage.decisions import Thing, decide
from storage.documents import store_document
from storage.evaluations import add_evidence, load_evaluation, new_evaluation, replace_page, save_assessment
from storage.feedback import keep_feedback
from storage.findability import end_test, keep_result, keep_search, keep_tasks, start_test, tasks_of_site
from storage.kpi_models import KpiPoint
from storage.kpis import annotate, set_target
from storage.measurements import keep_measurements
from storage.messages import Wish, add_subscriber, note_refused, note_sent, write_message
from storage.models import (
    Blob,
    Cluster,
    Finding,
    Link,
    LinkSource,
    Page,
    PageState,
    Run,
    RunFigure,
    RunPage,
    RunRule,
    Site,
)
from storage.owners import keep_owners
from storage.page_pictures import keep_picture
from storage.product_coverage import keep_coverage, keep_searches, say_not_offered
from storage.products import keep_products
from storage.public_page import plan_deviation, set_public
from storage.requests import ask, finish_request
from storage.search_gaps import keep_gaps, mark_done, unfound_queries
from storage.search_log import ImportWriter, source_of
from storage.ticket_models import Ticket, TicketStep

UPL = "http://standaarden.overheid.nl/owms/terms/"
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
START = datetime(2026, 10, 3, 5, 12, tzinfo=UTC)
RUNS = 8
WEIGHT = Weight(34, 1_230_000, 3, 120, 1_340, 0.05)
HOSTILE = '<script>alert("1")</script><b style="x">\u202egnp.\u2066exe\x07'
HOSTILE_URL = "https://www.example.nl/a?x=\"><script>alert('2')</script>"
LONG = "Heel lange titel " * 200

# rule, runs in which it stands (first, closed), pages, per page
FAULTS = [
    ("image-alternative", 0, None, range(14), 2),
    ("image-alternative", 0, 6, range(14, 20), 1),
    ("text-contrast", 1, None, range(20), 3),
    ("text-contrast", 0, 7, range(20, 26), 2),
    ("link-name", 2, 7, range(4, 12), 1),
    ("form-field-name", 7, None, range(2, 5), 1),
    ("page-title", 3, None, range(8, 9), 1),
    ("page-title", 3, None, range(29, 30), 1),  # on a page that could not be tested
    ("page-language", 0, 4, range(26), 1),
    ("frame-title", 5, None, range(1, 3), 12),
]
QUESTIONS = [("text-contrast", 1, None, range(10, 18), 2), ("video-captions", 2, None, range(3, 4), 1)]


def an_advice() -> str:
    return next(rule.id for rule in catalogue().values() if rule.is_advice)


def copy_of(database: Database, folder: Path) -> Database:
    """The same again, to be written into: copying takes a moment, filling takes seconds."""
    file = folder / "copy.db"
    with database.engine.connect() as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(file),))
    return Database(f"sqlite:///{file}")


def fill(database: Database) -> dict[str, int]:
    """Create the tables and the sites; gives the ids that the tests ask for."""
    database.migrate()
    with database.session() as session:
        ids = _watched_site(session)
        ids |= _big_site(session)
        ids["new_site"] = _site(session, "Nieuwe site").id
        ids |= _tasks(session, ids["site"])
        ids |= _searches(session, ids["site"])
        ids |= add_journeys(session, ids["site"], session.get_one(Page, ids["page"]).identity, HOSTILE, START)
        _watched(session, ids["site"])
        _told(session, ids["site"])
        ids |= _evaluation(session, ids["site"])
        _products(session, ids)
        _feedback(session, ids)
        ids["ticket"] = _ticket(session, ids["site"])
        set_public(session.get_one(Site, ids["site"]), on=True)
        plan_deviation(session.get_one(Site, ids["site"]), "text-contrast", date(2027, 3, 1))
        _decided(session, ids)
        _targets(session, ids)
        _running_site(session, ids)
        _failed_site(session, ids)
    return ids


def _ticket(session: Session, site_id: int) -> int:
    """A ticket that the supplier held for three days and gave back."""
    ticket = Ticket(
        site_id=site_id,
        rule="text-contrast",
        language="nl",
        title=HOSTILE,
        body=f"## Wat\n\n```html\n{HOSTILE}\n```\n{LONG}",
        pages=20,
        person="dashboard",
        created_at=NOW - timedelta(days=5),
        tracker="Leverancier",
        delivery=DeliveryState.SENT,
        reference=HOSTILE,
        address="https://tracker.example/7",
    )
    session.add(ticket)
    session.flush()
    for state, days in ((TicketState.OPEN, 5), (TicketState.HELD, 4), (TicketState.RETURNED, 1)):
        at = NOW - timedelta(days=days)
        session.add(TicketStep(ticket_id=ticket.id, state=state, at=at, person="dashboard", note=HOSTILE))
    session.flush()
    return ticket.id


def _evaluation(session: Session, site_id: int) -> dict[str, int]:
    """An evaluation in which two people differ, one wrote hostile words, and a page was replaced."""
    people = {"evaluators": ["Anna", HOSTILE], "reviewer": "Cor"}
    row = new_evaluation(session, session.get_one(Site, site_id), NOW, **people, commissioner="Voorbeeldstad", seed="s")  # type: ignore[arg-type]
    words = {"description": f"{HOSTILE} {LONG}", "cause": "CMS", "effect": "Blinde bezoekers", "measure": "Teksten invullen"}
    for said in (
        Assessment("1.1.1", 1, "Anna", Outcome.FAILED, **words, planned_on=date(2027, 3, 1)),
        Assessment("1.1.1", 2, "Anna", Outcome.PASSED),
        Assessment("1.1.1", 2, HOSTILE, Outcome.FAILED, description="Nee."),
        Assessment("1.4.3", WHOLE_SAMPLE, "Anna", Outcome.PASSED),
        Assessment("1.4.3", WHOLE_SAMPLE, "Anna", Outcome.PASSED, description="te laat"),
        Assessment("1.2.1", WHOLE_SAMPLE, "Anna", Outcome.INAPPLICABLE, exemption=Exemption.OUT_OF_SCOPE),
    ):
        save_assessment(session, row.id, said, NOW)
    add_evidence(session, row, Assessment("1.1.1", 1, "Anna", Outcome.FAILED), "nvda.txt", b"grafisch", "Zo klonk het.", NOW)
    replace_page(session, row, load_evaluation(session, row).sample[-1].number, "Gaf een foutmelding.", "", NOW)
    first = load_evaluation(session, row).page(1)
    if first and first.page_id:
        _picture(session, first.page_id)
    return {"evaluation": row.id, "evaluation_page": 1}


def _picture(session: Session, page_id: int) -> None:
    """A picture of a long page, with the first places of its findings, one of them at its very edge."""
    drawn = io.BytesIO()
    Image.linear_gradient("L").resize((640, 1_500)).save(drawn, "JPEG")
    found = session.execute(select(Finding.fingerprint, Finding.first_run_id).where(Finding.page_id == page_id)).all()
    places = [(0, 0, 200, 60), (1_200, 2_900, 80, 100), (40, 400, 600, 30)]
    boxes = {name: places[at % 3] for at, (name, _) in enumerate(found[:-1] if len(found) > 1 else found)}
    keep_picture(session, found[0][1], page_id, PagePicture(drawn.getvalue(), 1_280, 3_000, 4_000, boxes), NOW)


# query, months from January in which it is asked, visits a month, results, page that is clicked, what is asked next
SEARCHES = [
    ("paspoort", range(1, 13), 8, 5, "/paspoort", ""),
    ("kerstboom", (12,), 30, 2, "/afval", ""),
    ("grofvuil", range(1, 13), 9, 0, "", "afval"),
    ("afval", range(1, 13), 9, 4, "/afval", ""),
    (f"{HOSTILE} {LONG}"[:300], range(1, 13), 7, 0, "", ""),
    ("=1+1;zeldzaam", (3, 9), 1, 3, "", ""),
]


def _searches(session: Session, site_id: int) -> dict[str, int]:
    """A log of two years up to the day before now: a season, a query without results, a hostile one and a rare one."""
    site = session.get_one(Site, site_id)
    source = source_of(session, site, Source.UBI)
    writer = ImportWriter(session, site, source, NOW)
    visits = itertools.count(1)
    for number in range(730, 0, -1):
        day = NOW - timedelta(days=number)
        for text, months, monthly, hits, page, following in SEARCHES:
            if day.month not in months or day.day > min(monthly, 28):
                continue
            for _ in range(-(-monthly // 28)):
                visit, at_ms = next(visits), int(day.timestamp()) * 1000 + next(visits)
                writer.add(SearchEvent(at_ms, text, visit, hits=hits))
                if following:
                    writer.add(SearchEvent(at_ms + 9_000, following, visit, hits=3))
                    writer.add(SearchEvent(at_ms + 20_000, following, visit, page="/afval", position=2))
                elif page:
                    writer.add(SearchEvent(at_ms + 9_000, text, visit, page=page, position=1))
    for new in writer.new_days():
        writer.write_day(new, totals_of_day(writer.events_of_day(new), KNOWS[Source.UBI], writer.text_of))
    writer.finish(Tally(lines=9, bad_lines=2, masked=Counter(bsn=3)), "0" * 64, Source.UBI)
    unfound = unfound_queries(session, site, date.min, (NOW - timedelta(days=1)).date())
    page = FoundPage(0, "https://www.example.nl/a", HOSTILE, (), 1.0)
    verdicts = {"grofvuil": GapVerdict(Gap.OTHER_WORDS, page, HOSTILE)}
    keep_gaps(session, site_id, [(one, verdicts.get(one.text, GapVerdict(Gap.MISSING))) for one in unfound], NOW)
    mark_done(session, site_id, text_number(SEARCHES[4][0]), NOW - timedelta(days=60))
    results: list[tuple[str, dict[str, Any]]] = [("failed", {"error": HOSTILE}), ("done", {"again": True}), ("waiting", {})]
    results.append(("done", dict.fromkeys(("searches", "clicks", "added", "bad_lines", "masked", "again"), 0)))
    for state, result in results:
        request = ask(session, site_id, IMPORT, {"file": f"/srv/{state}{len(result)}.log"}, "folder", NOW)
        finish_request(session, request.id, state, result, NOW)
    return {"query": text_number("paspoort"), "hostile_query": text_number(SEARCHES[4][0]), "unfound": text_number("grofvuil")}


def _watched(session: Session, site_id: int) -> None:
    """Addresses that are up, down, unknown, switched off and never asked, over two months."""
    site = session.get_one(Site, site_id)
    propose_addresses(session, site, START)
    for path in ("/afspraak", "/zoeken?q=contact", "/oud"):
        add_address(session, site, f"https://www.example.nl{path}", START)
    up, down, unknown = Look(Availability.UP), Look(Availability.DOWN, "timeout"), Look(Availability.UNKNOWN, "own-network")
    first, second, *others = [one.id for one in addresses_of_site(session, site_id)]
    answer = Answer("", 200, milliseconds=90)
    for number in range(50):
        moment = NOW - timedelta(days=50 - number)
        looks = ((first, down if number == 9 else up), (second, down if number > 47 else up), (others[0], unknown))
        for address, look in looks:
            note_look(session, address, look, answer, Expected(), moment, site.time_zone, timedelta(days=1))
    switch_address(session, site_id, others[1], on=False, now=NOW)
    session.get_one(WatchedAddress, others[0]).label = HOSTILE


def _told(session: Session, site_id: int) -> None:
    """People and programs that are told things, messages in every state, and alarms that last and that are over."""
    wish = [Wish(site_id, tuple(MessageKind), ("/afval/",))]
    person = add_subscriber(session, HOSTILE.replace("\x07", "").replace("\u202e", "").replace("\u2066", ""), Channel.MAIL,
                            "an@example.nl", "nl", wish, START)  # fmt: skip
    add_subscriber(session, "Teams", Channel.WEBHOOK, "https://chat.example.nl/hooks/1", "en", wish, START)
    lost = Trouble(AlarmKind.TASK_LOST, "1", HOSTILE, START)
    down = Trouble(AlarmKind.PAGE_DOWN, "2", HOSTILE_URL, START, facts={"reason": "timeout", "label": "", "kind": "form"})
    missed = Trouble(AlarmKind.RUN_MISSED, "", "", START)
    events, _ = keep_alarms(session, site_id, Troubles([lost, down, missed]), START)
    over, _ = keep_alarms(session, site_id, Troubles([lost], well={down.mark, missed.mark}), NOW)
    for number, told in enumerate((events, over, events)):
        write_message(session, f"m{number}", person.id, MessageKind.ALARMS, Alarms(site_id, "x", "UTC", told), NOW)
    note_sent(session, 1, NOW)
    note_refused(session, 2, "mail-receiver-refused", HOSTILE)


def _products(session: Session, ids: dict[str, int]) -> None:
    """Products of every state: with pages matched in every way, searched for in vain, absent, and not offered."""
    names = ("paspoort", "rijbewijs", "huwelijk", "stadspas", "visvergunning", HOSTILE, LONG[:200], *map(str, range(120)))
    products = [
        Product(f"{UPL}{number}", name, for_municipality=True, for_citizen=number != 3, for_business=number > 2, is_request=True)
        for number, name in enumerate(names)
    ]
    keep_products(session, products, START)
    found = {one.uri: ProductCoverage(one.uri) for one in products}
    for number, (by, form) in enumerate(zip(MatchedBy, OnlineForm, strict=True)):
        page = ids["hostile_page"] if number == 2 else ids["page"]
        url = HOSTILE_URL if form is OnlineForm.LINK else ""
        found[f"{UPL}{number}"] = ProductCoverage(f"{UPL}{number}", page, by, number + 1, form, url)
    keep_coverage(session, ids["site"], found.values(), NOW)
    session.flush()
    keep_searches(session, ids["site"], {f"{UPL}{number}": ProductSearches(99 - number, (HOSTILE,)) for number in (0, 4, 5)})
    say_not_offered(session, ids["site"], f"{UPL}6", HOSTILE, LONG[:500], NOW)


def _feedback(session: Session, ids: dict[str, int]) -> None:
    """Answers about a page over three months, about one with a hostile address, and one that no run has met."""
    pages = [session.get_one(Page, ids["page"]).identity, HOSTILE_URL, "https://www.example.nl/nergens"]
    answers = [
        Feedback(page, date(2026, 9 + number % 3, 1 + number), rating, HOSTILE if number % 2 else "")
        for page in pages
        for number, rating in enumerate((0.0, 1.0, 0.25, None, 0.75, 1.0, 0.0))
    ]
    keep_feedback(session, ids["site"], answers, "seed", NOW)


def _decided(session: Session, ids: dict[str, int]) -> None:
    """Decisions of every kind, with hostile words, one of them over and one that waits; owners of every kind."""
    site = session.get_one(Site, ids["site"])
    page, past = Thing(ids["page"], "frame-title"), NOW - timedelta(days=40)
    words = HOSTILE.replace("\x07", "").replace("\u202e", "").replace("\u2066", "")
    wishes = [
        Wanted(DecisionKind.LATER, "planned", words, (NOW - timedelta(days=5)).date()),
        Wanted(DecisionKind.GIVEN, "", words, (NOW + timedelta(days=5)).date(), words),
        Wanted(DecisionKind.QUESTION, "", words, None, words),
    ]
    for wanted in wishes:
        decide(session, site, [page], wanted, words, 0, past)
    of_content = Thing(ids["hostile_page"], "image-alternative")
    decide(session, site, [of_content], Wanted(DecisionKind.NOT_CORRECT, "false-alarm", words), words, 2, past)
    kinds = {OwnedBy.SECTION: "/parkeervergunning/", OwnedBy.AUTHOR: words, OwnedBy.PAGE: HOSTILE_URL, OwnedBy.TEMPLATE: "1"}
    keep_owners(session, site.id, [OwnerRule(kind, value, words) for kind, value in kinds.items()], "file", words, NOW)


def _targets(session: Session, ids: dict[str, int]) -> None:
    """A cause that the supplier is to mend, targets, points of two definitions, an earlier measurement and an annotation."""
    site = session.get_one(Site, ids["site"])
    cause = Cluster(site_id=site.id, kind="template", key="t", rule="text-contrast", mender="supplier", region="footer",
                    confirmation="confirmed", details={}, first_run_id=ids["first_run"])  # fmt: skip
    session.add(cause)
    session.flush()
    of_cause = (Finding.site_id == site.id, Finding.rule == "text-contrast", Finding.closed_run_id.is_(None))
    session.execute(update(Finding).where(*of_cause).values(cluster_id=cause.id))
    ids["cause"] = cause.id
    path = KpiPath(date(2026, 6, 1), 10.0, date(2027, 6, 1), 80.0)
    for name in ("pages-without-failure", "zero-result-rate", "journeys-completed"):
        set_target(session, site.id, name, path, HOSTILE[:30], date(2026, 11, 1), HOSTILE[:30], NOW)
    for number, version in enumerate((0, 1, 1)):
        session.add(KpiPoint(site_id=site.id, kpi="pages-without-failure", day=date(2026, 9 + number, 1), version=version,
                             value=30.0 + number, count=9, of=30, made_with=str(number)))  # fmt: skip
    then = (date(2025, 11, 1), date(2025, 11, 30))
    measured = [Measured("Dode links", HOSTILE[:20], *then, 31.0, None, "", "dead-links-per-thousand")]
    keep_measurements(session, site.id, measured, NOW)
    annotate(session, site.id, date(2026, 11, 2), "release", HOSTILE, HOSTILE[:30])


def _tasks(session: Session, site_id: int) -> dict[str, int]:
    """Tasks of every verdict, tested twice, one of them lost; a proposed one, and a search that waits for a person."""
    page = RightPage("https://www.example.nl/paspoort")
    titles = {verdict: f"Taak {verdict}" for verdict in TaskVerdict} | {TaskVerdict.WRONG_WORDS: HOSTILE}
    tasks = [SearchTask(title, ("paspoort", "pas verlengen"), (page, RightPage(HOSTILE_URL, 1))) for title in titles.values()]
    keep_tasks(session, site_id, tasks, TaskState.CONFIRMED, "file", START)
    keep_tasks(session, site_id, [SearchTask("Voorstel", (HOSTILE,), (page,))], TaskState.PROPOSED, "crawl", START)
    keep_tasks(session, site_id, [SearchTask("Nooit getest", ("x",), (page,))], TaskState.CONFIRMED, "person", START)
    results = (SearchResult(HOSTILE_URL, HOSTILE), SearchResult("javascript:alert(1)", ""))
    found = ResultList("paspoort", "https://www.example.nl/zoeken?q=paspoort", results, 2)
    search = SiteSearch("ol > li", "https://www.example.nl/zoeken?q={query}")
    keep_search(session, site_id, search, TaskState.PROPOSED, START, found)
    rows = {task.title: task.id for task in tasks_of_site(session, site_id)}
    for day in (14, 7):
        test = start_test(session, site_id, "dashboard", NOW - timedelta(days=day))
        for verdict, title in titles.items():
            is_asked = verdict is not TaskVerdict.UNTESTED
            rank = 1 if verdict is TaskVerdict.FOUND or day == 14 else 7
            answers = (
                JudgedAnswer(
                    "paspoort",
                    QueryKind.AS_WRITTEN,
                    AnswerOutcome.FOUND,
                    "",
                    rank,
                    1 / rank,
                    0.5,
                    12,
                    10,
                    0.8,
                    found.url,
                    results,
                )
                if is_asked
                else JudgedAnswer("paspoort", QueryKind.AS_WRITTEN, AnswerOutcome.UNTESTED, "search-list-gone"),
                JudgedAnswer(HOSTILE, QueryKind.OWN_TITLE, AnswerOutcome.NO_RESULTS, url=HOSTILE_URL, seconds=1.0),
            )
            steps = (Step(HOSTILE, HOSTILE_URL, True), Step("", page.url, False))
            ways = (WayThere(page.url, steps, None, 2, 0.5, steps, True, False), WayThere(HOSTILE_URL, only_in_sitemap=True))
            barriers = (Barrier("form-field-name", "critical", 2, HOSTILE_URL),) if verdict is TaskVerdict.BARRIER else ()
            missing = (page.url,) if verdict is TaskVerdict.CONTENT_MISSING else ()
            figures = TaskFigures(int(is_asked), 0.5, 0.5, 0.6, 0.6, 0.1, 4, 0.25 if is_asked else None)
            keep_result(session, test, rows[title], verdict, figures, TaskDetails(answers, barriers, ways, missing))
        shape = {
            "depths": {"0": 1, "1": 12},
            "unlinked": [HOSTILE_URL],
            "dead_ends": [],
            "counts": {"unlinked": 1, "dead_ends": 0},
        }
        means = {
            "tasks": 6,
            "success_at_1": 0.5,
            "success_at_3": day / 20,
            "mrr": 0.6,
            "ndcg": 0.6,
            "no_results": 0.1,
            "forgiven": 0.25,
        }
        end_test(session, test, RunState.FINISHED, "", {**means, "shape": shape}, NOW - timedelta(days=day))
    left = start_test(session, site_id, "dashboard", NOW)
    end_test(session, left, RunState.FAILED, "search-form-unknown", {}, NOW)
    session.flush()
    return {
        "task": rows[HOSTILE],
        "found_task": rows[titles[TaskVerdict.FOUND]],
        "untested_task": rows[titles[TaskVerdict.UNTESTED]],
        "missing_task": rows[titles[TaskVerdict.CONTENT_MISSING]],
        "barrier_task": rows[titles[TaskVerdict.BARRIER]],
        "new_task": rows["Nooit getest"],
        "proposed_task": rows["Voorstel"],
    }


def _site(session: Session, name: str, **values: Any) -> Site:
    site = Site(
        name=name,
        start_url="https://www.example.nl/",
        origins=["https://www.example.nl"],
        path_prefix="/",
        settings={},
        time_zone="Europe/Amsterdam",
        created_at=START,
    )
    for key, value in values.items():
        setattr(site, key, value)
    session.add(site)
    session.flush()
    return site


def _run(session: Session, site: Site, started: datetime, state: str = "finished", **values: Any) -> Run:
    run = Run(
        site_id=site.id,
        kind="full",
        state=state,
        requested_by="schedule",
        process="",
        started_at=started,
        finished_at=started + timedelta(minutes=42) if state == "finished" else None,
        heartbeat_at=started + timedelta(minutes=42),
        norm="en301549-3.2.1",
        rule_set="a" * 64,
        engines={"axe": "4.14.1"},
        browser="Chromium 150.0",
        settings={},
        coverage={},
    )
    for key, value in values.items():
        setattr(run, key, value)
    session.add(run)
    session.flush()
    return run


def _blob(session: Session, text: str, compressed: bool = False) -> str:
    content = text.encode()
    key = hashlib.sha256(content).hexdigest()[:32]
    if session.get(Blob, key) is None:
        packed = zlib.compress(content) if compressed else content
        session.add(Blob(hash=key, kind="snippet", compressed=compressed, content=packed))
        session.flush()
    return key


def _page(session: Session, site: Site, run: Run, address: str) -> Page:
    key = hashlib.sha256(address.encode()).hexdigest()[:32]
    page = Page(site_id=site.id, identity=address, identity_hash=key, first_run_id=run.id, owner="", page_type="")
    session.add(page)
    session.flush()
    return page


def _state(session: Session, page: Page, run: Run, status: str, **values: Any) -> PageState:
    state = PageState(
        page_id=page.id, first_run_id=run.id, status=status, reason="", http_status=200, title="", language="nl", depth=1
    )
    state.notes = []
    for key, value in values.items():
        setattr(state, key, value)
    session.add(state)
    return state


SUBJECTS = [
    "Paspoort aanvragen",
    "Rijbewijs verlengen",
    "Verhuizing doorgeven",
    "Afvalkalender",
    "Parkeervergunning",
    "Bijstand aanvragen",
    "Trouwen",
    "Geboorte aangeven",
    "Overlijden aangeven",
    "Grofvuil",
    "Melding openbare ruimte",
    "Bouwvergunning",
    "Bestemmingsplan",
    "Gemeenteraad",
    "Openingstijden",
    "Contact",
    "Subsidie cultuur",
    "Sportaccommodaties",
    "Schuldhulp",
    "Jeugdhulp",
    "Wmo",
    "Leerlingenvervoer",
    "Hondenbelasting",
    "WOZ-waarde",
    "Evenement melden",
    "Nieuws",
    "Werken bij",
    "Privacy",
    "Toegankelijkheid",
    "Archief",
    "Kaart van de stad",
    "Raadsvergadering",
    "Intranet",
    "Zoeken",
    "Agenda",
]


def _watched_site(session: Session) -> dict[str, int]:
    site = _site(session, "Voorbeeldstad")
    runs = [_run(session, site, START + timedelta(weeks=week)) for week in range(RUNS)]
    for run in runs[:2]:
        run.rule_set = "b" * 64
    pages = []
    for number, subject in enumerate(SUBJECTS):
        address = f"https://www.example.nl/{subject.lower().replace(' ', '-')}"
        page = _page(session, site, runs[0], HOSTILE_URL if number == 0 else address)
        pages.append(page)
        values: dict[str, Any] = {"title": f"{subject} | Voorbeeldstad"}
        status = "tested"
        if 26 <= number < 29:
            session.add(PageCheck(page_id=page.id, run_id=runs[5].id))
        elif 29 <= number < 31:
            status, values = "untested", {"reason": "load-timeout", "http_status": None}
        elif number == 31:
            status, values = "untested", {"reason": "server-error", "http_status": 503}
        elif number >= 32:
            status, values = "skipped", {"reason": "robots" if number < 34 else "page-limit", "http_status": None}
        if number == 0:
            values["title"] = HOSTILE
        if number == 1:
            values["title"] = LONG
            values["language"] = '"><script>'
        if number == 2:
            values["weight"] = {**asdict(WEIGHT), "run_id": runs[-1].id}
        if status in ("tested", "carried over"):
            outcomes = {rule: "untested" if (number, rule) == (5, "link-name") else "passed" for rule in catalogue()}
            values["outcomes_blob"] = _blob(session, json.dumps(outcomes), compressed=number % 2 == 1)
        _state(session, page, runs[0], status, **values)
    gone = _page(session, site, runs[0], "https://www.example.nl/oud")
    _state(session, gone, runs[0], "tested", closed_run_id=runs[3].id, title="Oude pagina")

    findings: list[Finding] = []
    for rule, first, closed, on_pages, times in FAULTS:
        findings += _findings(session, site, runs, pages, rule, first, closed, on_pages, times, "failed")
    for rule, first, closed, on_pages, times in QUESTIONS:
        findings += _findings(session, site, runs, pages, rule, first, closed, on_pages, times, "cantTell")
    findings += _findings(session, site, runs, pages, an_advice(), 0, None, range(6), 1, "cantTell")
    session.add_all(findings)
    session.flush()
    _links(session, site, runs, pages)
    _documents(session, site, runs[-1], pages)
    medians = {"median_bytes": 1_230_000, "median_requests": 34, "median_first_byte_ms": 120, "median_shift": 0.05}
    measured = {"pages_measured": 5, "median_largest_paint_ms": 1_340, **medians}
    session.add_all(RunFigure(run_id=runs[-1].id, name=name, value=value) for name, value in measured.items())
    _roll_up(session, runs, [finding for finding in findings if finding.page_id != pages[29].id])
    return {
        "site": site.id,
        "hostile_page": pages[0].id,
        "long_page": pages[1].id,
        "page": pages[2].id,
        "calm_page": pages[26].id,
        "untested_page": pages[29].id,
        "skipped_page": pages[32].id,
        "gone_page": gone.id,
        "first_run": runs[0].id,
        "latest_run": runs[-1].id,
    }


def _findings(
    session: Session,
    site: Site,
    runs: list[Run],
    pages: list[Page],
    rule: str,
    first: int,
    closed: int | None,
    on_pages: range,
    times: int,
    outcome: str,
) -> list[Finding]:
    found = []
    for place in on_pages:
        for time in range(times):
            snippet = f'<img class="hero hero--{time}" src="/media/foto-{place}-{time}.jpg">'
            if place == 0:
                snippet = f"<img src=x onerror=alert(3)>{HOSTILE}" + "<p>lang</p>" * 100
            arguments = {"contrastRatio": "2.32", "expectedContrastRatio": "4.5:1", "fgColor": HOSTILE, "bgColor": "#ffffff"}
            found.append(
                Finding(
                    site_id=site.id,
                    page_id=pages[place].id,
                    fingerprint=hashlib.sha256(f"{rule}{place}{time}{first}".encode()).hexdigest()[:32],
                    state="loaded",
                    rule=rule,
                    rule_version=1,
                    outcome=outcome,
                    impact="serious",
                    engines=["axe"],
                    frames=["iframe#kaart"] if time == 1 else [],
                    selector=f"main > .hero:nth-child({time + 1}) > img{HOSTILE if place == 0 else ''}",
                    path="",
                    snippet_blob=_blob(session, snippet, compressed=time % 2 == 1),
                    message=outcome,
                    arguments=arguments,
                    first_run_id=runs[first].id,
                    closed_run_id=None if closed is None else runs[closed].id,
                )
            )
    return found


def _links(session: Session, site: Site, runs: list[Run], pages: list[Page]) -> None:
    classes = {"ok": 400, "dead": 7, "soft-404": 2, "moved": 12, "blocked": 4, "unsure": 3, "not asked": 15}
    for link_class, count in classes.items():
        for number in range(count):
            url = f"https://elders.example.org/{link_class.replace(' ', '-')}/{number}"
            if link_class == "dead" and number == 0:
                url = "javascript:alert(4)"
            link = Link(
                site_id=site.id,
                url=url,
                url_hash=hashlib.sha256(url.encode()).hexdigest()[:32],
                link_class=link_class,
                status={"dead": 404, "blocked": 403, "not asked": None, "unsure": None}.get(link_class, 200),
                reason={"unsure": "timeout", "not asked": "robots"}.get(link_class, ""),
                final_url=f"https://elders.example.org/nieuw/{number}" if link_class == "moved" else "",
                content_type="text/html",
                permanent=number % 2 == 0,
                suggestion=f"{HOSTILE_URL}{number}" if link_class == "dead" and number % 2 == 0 else "",
                suggestion_reason="replaced-title" if link_class == "dead" and number % 2 == 0 else "",
                first_run_id=runs[4].id,
            )
            session.add(link)
            session.flush()
            if link_class == "ok":
                continue
            for place in range(number % 9 + 1):
                session.add(
                    LinkSource(
                        link_id=link.id,
                        page_id=pages[place].id,
                        text=HOSTILE if number == 0 else f"Lees meer over onderwerp {number}",
                        element="img" if number == 3 else "a",
                        via="https://www.example.nl/stijl.css" if number == 4 else "",
                    )
                )
    closed = Link(
        site_id=site.id,
        url="https://elders.example.org/hersteld",
        url_hash="h" * 32,
        link_class="dead",
        status=404,
        first_run_id=runs[4].id,
        closed_run_id=runs[6].id,
    )
    session.add(closed)


def _documents(session: Session, site: Site, run: Run, pages: list[Page]) -> None:
    """One that is wrong, one that is sound and short, one that could not be read; the first with hostile words."""
    target = Target((), "p. 1, 2", "<Figure>\n" + HOSTILE, "Figure")
    arguments = {"count": 2, "total": 5, "pages": "1, 2", "title": HOSTILE, "words": 9, "example": HOSTILE}
    rules = {"document-image-alternative": Outcome.FAILED, "document-bookmarks": Outcome.CANNOT_TELL}
    found = tuple(
        JudgedFinding(rule, 1, outcome, Impact.SERIOUS, ("vierluik",), target, outcome.value, {**arguments, "pages_of": 40})
        for rule, outcome in rules.items()
    )
    facts = DocumentFacts(40, 9_000, title=HOSTILE, language="nl", tagged=False, form=True, maybe_exempt=True)
    short = DocumentFacts(1, 1, TextKind.SCAN_WITH_TEXT, tagged=True, as_page=True)
    kind = DocumentKind.PDF
    results = [
        DocumentResult(HOSTILE_URL, kind, PageStatus.TESTED, "", facts, found, rules, notes=("document-content-partly",)),
        DocumentResult("https://www.example.nl/file/2", kind, PageStatus.TESTED, facts=short),
        DocumentResult("https://www.example.nl/file/3", kind, PageStatus.UNTESTED, "document-needs-password"),
    ]
    for number, result in enumerate(results):
        store_document(session, site.id, run.id, result)
        link = Link(site_id=site.id, url=result.url, url_hash=f"d{number}", link_class="ok", status=200, first_run_id=run.id)
        link.content_type = kind
        session.add(link)
        session.flush()
        for page in pages[: 7 - 3 * number]:
            session.add(LinkSource(link_id=link.id, page_id=page.id, text=HOSTILE, element="a", via=""))


def _roll_up(session: Session, runs: list[Run], findings: list[Finding]) -> None:
    for run in runs:
        standing = [
            finding
            for finding in findings
            if finding.first_run_id <= run.id and (finding.closed_run_id is None or finding.closed_run_id > run.id)
        ]
        notes = [{"url": HOSTILE_URL, "reason": "sitemap-broken"}]
        counts = {"found": 35, "tested": 26, "carried_over": 3, "untested": 3, "skipped": 3, "documents": 11}
        run.coverage = {**counts, "notes": notes}
        failed = [finding for finding in standing if finding.outcome == "failed"]
        figures = {
            "pages_with_failure": len({finding.page_id for finding in failed}),
            "pages_with_confirmed_failure": len({finding.page_id for finding in failed if finding.first_run_id < run.id}),
            "pages_tested": 29,
            "failed_findings": len(failed),
            "cannot_tell_findings": len(standing) - len(failed),
            "dead_links": 9 if run.id >= runs[4].id else 0,
            "new_findings": sum(finding.first_run_id == run.id for finding in findings),
            "closed_findings": sum(finding.closed_run_id == run.id for finding in findings),
        }
        session.add_all(RunFigure(run_id=run.id, name=name, value=value) for name, value in figures.items())
        per_rule: dict[str, list[Finding]] = defaultdict(list)
        for finding in standing:
            per_rule[finding.rule].append(finding)
        for rule in per_rule:
            broken = [finding for finding in per_rule[rule] if finding.outcome == "failed"]
            session.add(
                RunRule(
                    run_id=run.id,
                    rule=rule,
                    rule_version=1,
                    failed=len(broken),
                    cannot_tell=len(per_rule[rule]) - len(broken),
                    failed_pages=len({finding.page_id for finding in broken}),
                    pages=29,
                )
            )


def _big_site(session: Session) -> dict[str, int]:
    """130 pages, each with one failure: lists come in parts. One run only."""
    site = _site(session, "Grote site", start_url="https://groot.example.nl/")
    run = _run(session, site, START)
    rule = "text-contrast"
    findings = []
    for number in range(130):
        page = _page(session, site, run, f"https://groot.example.nl/{number:03}")
        _state(session, page, run, "tested", title=f"Nummer {number:03}")
        findings += _findings(session, site, [run], [page], rule, 0, None, range(1), 1, "failed")
    findings += _findings(session, site, [run], [page], rule, 0, None, range(1), 150, "failed")
    session.add_all(findings)
    run.coverage = {"found": 130, "tested": 130, "carried_over": 0, "untested": 0, "skipped": 0, "documents": 0}
    session.add(RunRule(run_id=run.id, rule=rule, rule_version=1, failed=280, failed_pages=130, pages=130))
    figures = {"pages_with_failure": 130, "pages_tested": 130, "failed_findings": 280, "cannot_tell_findings": 0}
    session.add_all(RunFigure(run_id=run.id, name=name, value=value) for name, value in figures.items())
    return {"big_site": site.id, "last_page": page.id}


def _running_site(session: Session, ids: dict[str, int]) -> None:
    site = _site(session, 'Bezig "site"')
    run = _run(session, site, NOW - timedelta(minutes=5), "running", heartbeat_at=NOW - timedelta(seconds=4))
    for number in range(20):
        step = "done" if number < 8 else "fetched" if number < 13 else "found"
        session.add(
            RunPage(run_id=run.id, identity=f"https://b/{number}", identity_hash=str(number), url="", step=step, reason="")
        )
    ids["running_site"] = site.id


def _failed_site(session: Session, ids: dict[str, int]) -> None:
    failed = _site(session, "Mislukte site")
    _run(session, failed, NOW - timedelta(days=1), "failed", reason="unknown-host")
    ids["failed_site"] = failed.id
    stopped = _site(session, "Onderbroken site")
    _run(session, stopped, NOW - timedelta(days=1), "interrupted")
    ids["stopped_site"] = stopped.id
