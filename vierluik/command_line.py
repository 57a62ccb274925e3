"""The front door: every command, its options, its exit codes. The work itself is done in the rooms below."""

from __future__ import annotations

import asyncio
import dataclasses
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from rules.account import Role
from rules.address import origin_of
from rules.document import DocumentResult
from rules.message import Channel, MessageKind
from rules.norm import DEFAULT_NORM, Language
from rules.outcome import Impact, Outcome
from rules.page_type import PageType
from rules.policy import know, known_policies, read_policies
from rules.reason import reason_text
from rules.rule import catalogue
from rules.schedule import WorkKind
from rules.search_log import Source
from rules.site import Scope
from rules.task import PageResult, PageStatus
from vierluik.evaluations import (
    ExportKind,
    begin,
    export_evaluation,
    import_wcag_em,
    is_of_evaluation,
    list_evaluations,
)
from vierluik.form import Format, written
from vierluik.journey_commands import journey_app, journeys
from vierluik.opening import in_force, open_database, open_settings
from vierluik.options import DatabaseOption, LanguageOption, Words
from vierluik.screen import Exit, say, stop
from vierluik.settings_commands import settings_app
from vierluik.target import address_of, name_of, target_of

app = typer.Typer(
    name="vierluik",
    help="Watches a municipality's website and tells its web team what to repair first.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
site_app = typer.Typer(help="The sites that are watched.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(site_app, name="site")
import_app = typer.Typer(help="Bring in what others publish.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(import_app, name="import")
test_app = typer.Typer(help="Try on a site what residents do.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(test_app, name="test")
subscriber_app = typer.Typer(help="Who is told what.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(subscriber_app, name="subscriber")
evaluation_app = typer.Typer(help="Evaluations by people, by WCAG-EM.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(evaluation_app, name="evaluation")
user_app = typer.Typer(help="Who may log in, and what they may do.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(user_app, name="user")
message_app = typer.Typer(help="Weekly digests and alarms.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(message_app, name="message")
app.add_typer(journey_app, name="journey")
app.add_typer(settings_app, name="settings")
test_app.command("journeys")(journeys)


Judged = TypeVar("Judged", PageResult, DocumentResult)


class Switch(StrEnum):
    ON = "on"
    OFF = "off"


def main() -> None:
    """Run the command line; every known fault ends in a sentence and its exit code."""
    from storage.database import DatabaseError

    try:
        app()
    except DatabaseError as error:
        say(str(error))
        sys.exit(Exit.WRONG_USE)


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="Print the summary and end.")] = False,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Where the dashboard is served.")] = 8000,
) -> None:
    """The main job on the sample site: two runs over two editions of it, then the dashboard."""
    from vierluik.demo import run_demo

    raise typer.Exit(run_demo(once=once, port=port))


@app.command()
def check(
    targets: Annotated[list[str], typer.Argument(metavar="TARGET…", help="Addresses, or local HTML, PDF or office files.")],
    output: Annotated[Format, typer.Option("--format", help="The form of the report.")] = Format.TEXT,
    fail_on: Annotated[
        Impact | None, typer.Option("--fail-on", help="End with 1 when something of this impact or worse failed.")
    ] = None,
    norm: Annotated[str | None, typer.Option("--norm", help="en301549-3.2.1 or en301549-4.1.1.")] = None,
    engines: Annotated[str | None, typer.Option("--engines", help="Names with commas between; +name adds one.")] = None,
    rules: Annotated[str | None, typer.Option("--rules", help="Only these rules, with commas between.")] = None,
    no_confirm: Annotated[bool, typer.Option("--no-confirm", help="Do not look at failures a second time.")] = False,
    language: LanguageOption = Words.NL,
) -> None:
    """Judge addresses or local files; stores nothing."""
    from crawler.browser import BrowserMissing
    from scheduler.check_targets import check_targets
    from storage.report import report_of_check
    from vierluik.tool import tool_description

    settings = open_settings(norm=norm, engines=engines)
    policies = read_policies(settings.policy)
    know(policies)
    wanted = _known_rules(rules)
    addresses = [target_of(target) for target in targets]
    run_settings = settings.for_run(confirms=False if no_confirm else None)
    try:
        judged = asyncio.run(check_targets(addresses, run_settings))
    except BrowserMissing as error:
        raise stop(Exit.NOTHING_JUDGED, str(error)) from error
    except KeyboardInterrupt as error:
        raise stop(Exit.INTERRUPTED, "Stopped; nothing was reported.") from error
    results = [_only(result, wanted) for result in judged.pages]
    documents = [_only(result, wanted) for result in judged.documents]
    report = report_of_check(results, run_settings.norm, tool_description(judged.browser, run_settings.engines), documents)
    words: Language = language.value
    sys.stdout.write(written(report, output, words))
    raise typer.Exit(_verdict([*results, *documents], fail_on, words))


@app.command()
def run(
    target: Annotated[str, typer.Argument(metavar="SITE|URL", help="A site's name or number, or an address.")],
    max_pages: Annotated[int | None, typer.Option("--max-pages", min=1, help="The most pages of this run.")] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Test every page, also one that has not changed, and ask every link anew.")
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Refuse everything outside the site's scope, also in the browser.")
    ] = False,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the report here.")] = None,
    resume: Annotated[bool, typer.Option("--continue", help="Take up the run that was interrupted.")] = False,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who asked for it; what happens is then said as a log.")] = "",
    norm: Annotated[str | None, typer.Option("--norm", help="en301549-3.2.1 or en301549-4.1.1.")] = None,
    engines: Annotated[str | None, typer.Option("--engines", help="Names with commas between; +name adds one.")] = None,
    database: DatabaseOption = None,
    language: LanguageOption = Words.NL,
) -> None:
    """One run over a site, stored."""
    from vierluik.runs import run_once

    settings = open_settings(norm=norm, engines=engines, database=database)
    code = run_once(
        settings,
        target,
        max_pages=max_pages,
        offline=offline,
        full=full,
        resume=resume,
        json_file=json_file,
        language=language.value,
        by=by,
    )
    raise typer.Exit(code)


@app.command()
def serve(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port of the dashboard.")] = 8000,
    host: Annotated[str, typer.Option("--host", help="Where it listens; anything but loopback asks for accounts.")] = "127.0.0.1",
    database: DatabaseOption = None,
) -> None:
    """The dashboard and the scheduler."""
    from vierluik.serve import serve_dashboard

    settings = open_settings(database=database)
    stored = open_database(settings)
    raise typer.Exit(serve_dashboard(stored, in_force(settings, stored), host, port))


@app.command()
def worker(
    concurrency: Annotated[
        int, typer.Option("--concurrency", min=0, max=64, help="Pages at once, each in a browser; 0: one per core.")
    ] = 0,
    database: DatabaseOption = None,
) -> None:
    """Test the pages of runs, here or on any machine that reaches the PostgreSQL database."""
    from vierluik.worker import work

    raise typer.Exit(work(open_settings(database=database), concurrency))


@app.command()
def export(
    kind: Annotated[ExportKind, typer.Argument(help="The form of the export.")],
    site: Annotated[str, typer.Option("--site", help="A site's name or number.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where it is written.")],
    run_number: Annotated[int | None, typer.Option("--run", help="A run's number; the newest by default.")] = None,
    evaluation: Annotated[
        int | None, typer.Option("--evaluation", help="An evaluation's number, for forms that a run has too; else the newest.")
    ] = None,
    database: DatabaseOption = None,
    language: LanguageOption = Words.NL,
) -> None:
    """Write the report of a run, or of an evaluation by people, to a file."""
    from vierluik.runs import export_run

    stored = open_database(open_settings(database=database))
    if is_of_evaluation(kind.value, evaluation):
        export_evaluation(stored, kind.value, site, output, evaluation, language.value)
    else:
        export_run(stored, Format(kind.value), site, output, run_number, language.value)


@app.command()
def verify(
    pack: Annotated[Path, typer.Argument(metavar="PACK", help="What `vierluik export evidence` wrote.")],
    previous: Annotated[
        Path | None, typer.Option("--previous", metavar="PACK", help="The pack before it: does this one follow on it?")
    ] = None,
    known: Annotated[bool, typer.Option("--known", help="Also look whether this database knows it.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Look whether an evidence pack is as it was made; ends with 1 where it is not."""
    from vierluik.evidence import verify as verify_pack

    stored = open_database(open_settings(database=database)) if known else None
    raise typer.Exit(verify_pack(stored, pack, previous))


@app.command()
def monitoring(
    inhabitants: Annotated[
        int | None, typer.Option("--inhabitants", help="Of the member state: gives the sample sizes too.")
    ] = None,
    period: Annotated[int, typer.Option("--period", min=1, help="The monitoring period; 1 was 2020-2021.")] = 3,
    output: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the figures here.")] = None,
    database: DatabaseOption = None,
) -> None:
    """The figures of Decision (EU) 2018/1524 over all sites: the simplified and the in-depth method."""
    from vierluik.monitoring import monitor

    monitor(open_database(open_settings(database=database)), inhabitants, period, output)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where it is written; an existing file is never written over.")],
    database: DatabaseOption = None,
) -> None:
    """Write everything that is stored into one file; runs may go on meanwhile."""
    from vierluik.keeping import make_backup

    make_backup(open_database(open_settings(database=database)), file)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup, of either database.")],
    database: DatabaseOption = None,
) -> None:
    """Read a backup into an empty database, SQLite or PostgreSQL, whole or not at all."""
    from vierluik.keeping import read_backup

    read_backup(open_settings(database=database).database, file)


@app.command()
def doctor(
    install_browser: Annotated[bool, typer.Option("--install-browser", help="Get a browser where there is none.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Only say what is missing.")] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="Try everything out: each engine in the browser, the database, disk, clock, folders.")
    ] = False,
    database: DatabaseOption = None,
) -> None:
    """Look whether everything that Vierluik needs is here, and say what to do where it is not."""
    from vierluik.doctor import examine

    raise typer.Exit(examine(open_settings(database=database), install=install_browser, quiet=quiet, deep=deep))


@site_app.command("add")
def site_add(
    url: Annotated[str, typer.Argument(help="The start page.")],
    name: Annotated[str | None, typer.Option("--name", help="What the site is called; its host name by default.")] = None,
    cron: Annotated[str, typer.Option("--cron", help='When it runs, as a cron line: "0 3 * * *" is every night at three.')] = "",
    prefix: Annotated[str, typer.Option("--path-prefix", help="Only pages below this path.")] = "/",
    origin: Annotated[list[str] | None, typer.Option("--origin", help="A further origin of the site.")] = None,
    database: DatabaseOption = None,
) -> None:
    """Watch a site from now on."""
    from rules.schedule import ScheduleError
    from storage.sites import SiteError, add_site

    address = address_of(url)
    try:
        scope = Scope((origin_of(address), *(origin_of(address_of(one)) for one in origin or ())), prefix)
        with open_database(open_settings(database=database)).session() as session:
            site = add_site(session, name or name_of(address), address, scope, datetime.now(UTC), cron=cron)
            say(f"Site {site.id} '{site.name}' is watched. Run it now with: vierluik run {site.id}")
    except (SiteError, ScheduleError) as error:
        raise stop(Exit.WRONG_USE, str(error)) from error


@site_app.command("list")
def site_list(database: DatabaseOption = None) -> None:
    """All sites, with what is done by itself."""
    from storage.schedules import schedules_of
    from storage.sites import all_sites

    with open_database(open_settings(database=database)).session() as session:
        for site in all_sites(session):
            lines = ", ".join(f"{one.kind} {one.cron}" for one in schedules_of(session, site.id) if one.enabled)
            typer.echo(f"{site.id}\t{site.name}\t{site.start_url}\t{lines or '-'}")


@site_app.command("remove")
def site_remove(
    name: Annotated[str, typer.Argument(help="A site's name or number.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Stop watching a site and remove everything stored of it."""
    from storage.sites import SiteError, get_site, remove_site

    with open_database(open_settings(database=database)).session() as session:
        try:
            site = get_site(session, name)
        except SiteError as error:
            raise stop(Exit.WRONG_USE, str(error)) from error
        if not yes and not typer.confirm(f"Remove '{site.name}' with all its runs and findings?"):
            raise stop(Exit.FINE, "Nothing was removed.")
        remove_site(session, site)
        say(f"'{site.name}' was removed.")


@site_app.command("schedule")
def site_schedule(
    name: Annotated[str, typer.Argument(help="A site's name or number; all: the whole installation.")],
    cron: Annotated[str | None, typer.Argument(help='A cron line, such as "0 3 * * *"; "" removes it; none: only show.')] = None,
    kind: Annotated[WorkKind, typer.Option("--kind", help="What is done.")] = WorkKind.FULL,
    zone: Annotated[str | None, typer.Option("--zone", help="The time zone of the line, such as Europe/Amsterdam.")] = None,
    spread: Annotated[
        int | None, typer.Option("--spread", metavar="SECONDS", help="Begin up to this much later, by chance.")
    ] = None,
    quiet: Annotated[str | None, typer.Option("--quiet-hours", help='Nothing starts then: "07:00-19:00"; "": always.')] = None,
    database: DatabaseOption = None,
    language: LanguageOption = Words.NL,
) -> None:
    """What is done by itself and when; needs `vierluik serve` to be on."""
    from vierluik.planning import schedule_site

    changes: dict[str, str | int | None] = {"time_zone": zone, "jitter_s": spread, "quiet_hours": quiet}
    schedule_site(open_database(open_settings(database=database)), name, kind, cron, language.value, changes)


@site_app.command("pause")
def site_pause(
    name: Annotated[str, typer.Argument(help="A site's name or number; all: the whole installation.")],
    kind: Annotated[WorkKind | None, typer.Option("--kind", help="Only this schedule; a run that goes on is left alone.")] = None,
    database: DatabaseOption = None,
) -> None:
    """Start nothing by itself any more, and have the run that goes on stand still."""
    from vierluik.planning import pause_site

    pause_site(open_database(open_settings(database=database)), name, kind)


@site_app.command("resume")
def site_resume(
    name: Annotated[str, typer.Argument(help="A site's name or number; all: the whole installation.")],
    kind: Annotated[WorkKind | None, typer.Option("--kind", help="Only this schedule.")] = None,
    database: DatabaseOption = None,
) -> None:
    """Have schedules go on, and the run that was interrupted."""
    from vierluik.planning import resume_site

    resume_site(open_database(open_settings(database=database)), name, kind)


@site_app.command("run-now")
def site_run_now(
    name: Annotated[str, typer.Argument(help="A site's name or number.")],
    kind: Annotated[WorkKind, typer.Option("--kind", help="What is done.")] = WorkKind.INCREMENTAL,
    database: DatabaseOption = None,
) -> None:
    """Ask `vierluik serve` for a run, or another kind of work."""
    from vierluik.planning import run_now

    run_now(open_database(open_settings(database=database)), name, kind)


@site_app.command("cancel")
def site_cancel(
    name: Annotated[str, typer.Argument(help="A site's name or number.")],
    database: DatabaseOption = None,
) -> None:
    """End the run that goes on, wherever it does, and take back what waits."""
    from vierluik.planning import cancel_site

    cancel_site(open_database(open_settings(database=database)), name)


@site_app.command("public")
def site_public(
    name: Annotated[str, typer.Argument(help="A site's name or number.")],
    switch: Annotated[Switch | None, typer.Argument(help="on or off; none: only say how it is.")] = None,
    plan: Annotated[str, typer.Option("--plan", metavar="RULE", help="Say when a known deviation is to be mended.")] = "",
    by: Annotated[str, typer.Option("--by", metavar="DATE", help="With --plan: 2027-03-01; empty: take the plan away.")] = "",
    database: DatabaseOption = None,
) -> None:
    """Whether everybody may see what is measured, the trend and the known deviations of a site; off by default."""
    from vierluik.public_page import switch_public

    on = None if switch is None else switch is Switch.ON
    switch_public(open_database(open_settings(database=database)), name, on, plan, by)


@site_app.command("page-type")
def site_page_type(
    name: Annotated[str, typer.Argument(help="A site's name or number.")],
    kind: Annotated[PageType | None, typer.Argument(help="What kind of page they are.")] = None,
    pattern: Annotated[str, typer.Argument(help='A regular expression on the address, such as "/regelen/".')] = "",
    clear: Annotated[bool, typer.Option("--clear", help="Forget what was said before.")] = False,
    database: DatabaseOption = None,
) -> None:
    """What kind of page addresses of a site are, where it is not detected well; the first that fits decides."""
    from rules.page_type import PageTypeError, read_page_types
    from storage.sites import SiteError, get_site

    with open_database(open_settings(database=database)).session() as session:
        try:
            site = get_site(session, name)
            lines = [] if clear else [*site.settings.get("page_types", ())]
            lines += [{"type": kind.value, "pattern": pattern}] if kind else []
            read_page_types(lines)
        except (SiteError, PageTypeError) as error:
            raise stop(Exit.WRONG_USE, str(error)) from error
        site.settings = {**site.settings, "page_types": lines}
    for line in lines:
        typer.echo(f"{line['type']}\t{line['pattern']}")
    say("The next run goes by this." if lines else "Every kind of page is detected.")


@site_app.command("login")
def site_login(
    name: Annotated[str, typer.Argument(help="A site's name or number.")],
    basic: Annotated[str, typer.Option("--basic", metavar="USER", help="The user name of basic authentication.")] = "",
    variable: Annotated[
        str, typer.Option("--password-env", metavar="NAME", help="The variable of the environment that holds the password.")
    ] = "",
    password_file: Annotated[
        Path | None, typer.Option("--password-file", metavar="FILE", help="The file that holds the password and nothing else.")
    ] = None,
    form: Annotated[Path | None, typer.Option("--form", metavar="FILE", help="The steps of a log-in: see docs/login.md.")] = None,
    none: Annotated[bool, typer.Option("--none", help="The site is open to all.")] = False,
    pictures: Annotated[bool, typer.Option("--pictures", help="Also picture what only shows once logged in.")] = False,
    database: DatabaseOption = None,
) -> None:
    """How runs get into a site behind a log-in. It is tried at once; secrets stay where they are."""
    from rules.login import LoginError
    from vierluik.site_login import login_of, set_login

    settings = open_settings(database=database)
    try:
        login = login_of(basic, variable, password_file, form, pictures=pictures)
    except LoginError as error:
        raise stop(Exit.WRONG_USE, str(error)) from error
    stored = open_database(settings)
    set_login(stored, name, login, in_force(settings, stored, name).for_run(), remove=none)


@evaluation_app.command("begin")
def evaluation_begin(
    site: Annotated[str, typer.Argument(help="A site's name or number.")],
    evaluator: Annotated[list[str], typer.Option("--evaluator", metavar="NAME", help="Who judges; at most two.")],
    reviewer: Annotated[str, typer.Option("--reviewer", metavar="NAME", help="Who decides where they differ.")] = "",
    norm: Annotated[str, typer.Option("--norm", help="en301549-3.2.1 or en301549-4.1.1.")] = DEFAULT_NORM,
    commissioner: Annotated[str, typer.Option("--commissioner", metavar="NAME", help="For whom it is done.")] = "",
    seed: Annotated[str, typer.Option("--seed", help="Of the random part of the sample; drawn by default.")] = "",
    database: DatabaseOption = None,
) -> None:
    """Propose a sample from the newest run and begin."""
    begin(open_database(open_settings(database=database)), site, evaluator, reviewer, norm, commissioner, seed)


@evaluation_app.command("list")
def evaluation_list(
    site: Annotated[str, typer.Argument(help="A site's name or number.")],
    database: DatabaseOption = None,
) -> None:
    """Number, day, kind, norm, criteria met, and criteria that nobody judged."""
    list_evaluations(open_database(open_settings(database=database)), site)


@import_app.command("wcag-em")
def import_evaluation(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What the W3C WCAG-EM Report Tool saves (JSON).")],
    site: Annotated[str, typer.Option("--site", help="The site that was evaluated: its name or number.")],
    evaluator: Annotated[str, typer.Option("--evaluator", metavar="NAME", help="Who judged; as the file says by default.")] = "",
    database: DatabaseOption = None,
) -> None:
    """An evaluation made elsewhere; what cannot be taken over is said."""
    import_wcag_em(open_database(open_settings(database=database)), file, _read_file(file), site, evaluator)


@import_app.command("findings")
def import_findings(
    file: Annotated[Path, typer.Argument(help="CSV with the headings adres;wat;bron;datum;criterium;wie;ernst.")],
    site: Annotated[str, typer.Option("--site", help="A site's name or number.")],
    person: Annotated[str, typer.Option("--by", help="Who wrote it down.")] = "file",
    database: DatabaseOption = None,
) -> None:
    """Bring in what user tests, expert reviews and complaints found; they stand in the same worklist and reports."""
    from vierluik.barriers import bring_in

    bring_in(open_database(open_settings(database=database)), file, site, person[:200])


@import_app.command("register")
def import_register(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The download of the register of accessibility statements.")],
    database: DatabaseOption = None,
) -> None:
    """The public register of accessibility statements: each site then shows its status and date."""
    from rules.register import RegisterError, read_register
    from storage.register import keep_register

    try:
        statements = read_register(_read_file(file))
    except RegisterError as error:
        raise stop(Exit.WRONG_USE, f"{file}: {error}. What was brought in before stays.") from error
    with open_database(open_settings(database=database)).session() as session:
        keep_register(session, statements, datetime.now(UTC))
    say(f"{len(statements)} statements on websites were brought in; a site shows its own on its first screen.")


@import_app.command("sites")
def import_sites(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV with the columns name, address, owner, schedule.")],
    database: DatabaseOption = None,
) -> None:
    """Many sites at once: all of the file or nothing. A site that is known gets its new owner and schedule."""
    from vierluik.site_list import bring_in

    bring_in(open_database(open_settings(database=database)), file)


@import_app.command("upl")
def import_upl(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The list of product names, UPL-actueel.csv.")],
    database: DatabaseOption = None,
) -> None:
    """The national list of product names (UPL): which products each site has a page for, and what a page owes for it."""
    from rules.upl import UplError, read_upl
    from scheduler.cover_products import cover_products
    from storage.products import keep_products
    from storage.sites import all_sites

    try:
        products = read_upl(_read_file(file))
    except UplError as error:
        raise stop(Exit.WRONG_USE, f"{file}: {error}. What was brought in before stays.") from error
    stored, now = open_database(open_settings(database=database)), datetime.now(UTC)
    with stored.session() as session:
        is_new = keep_products(session, products, now)
        sites = [site.id for site in all_sites(session)]
    for site in sites:
        cover_products(stored, site, now)
    municipal = sum(product.for_municipality for product in products)
    came = "were brought in" if is_new else "were here already: nothing has changed"
    say(f"{len(products)} products, of which {municipal} of municipalities, {came}.")


@import_app.command("tasks")
def import_tasks(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV with the columns taak, zoekwoorden, pagina's.")],
    site: Annotated[str, typer.Option("--site", help="A site's name or number.")],
    database: DatabaseOption = None,
) -> None:
    """What residents come for: tasks with the words they type and the right pages."""
    from vierluik.findability import import_tasks

    import_tasks(open_database(open_settings(database=database)), site, file)


@test_app.command("findability")
def findability(
    site: Annotated[str, typer.Argument(help="A site's name or number.")],
    offline: Annotated[bool, typer.Option("--offline", help="Refuse everything outside the site's scope.")] = False,
    database: DatabaseOption = None,
    language: LanguageOption = Words.NL,
) -> None:
    """Ask the site's own search every task; ends with 1 where a task is lost."""
    from vierluik.findability import try_findability

    settings = open_settings(database=database)
    stored = open_database(settings)
    wanted = in_force(settings, stored, site).for_run(offline=offline)
    raise typer.Exit(try_findability(stored, site, wanted, language.value))


@site_app.command("tasks")
def site_tasks(
    name: Annotated[str, typer.Argument(help="A site's name or number.")],
    propose: Annotated[bool, typer.Option("--propose", help="Propose tasks anew: by the search log and the products.")] = False,
    confirm: Annotated[str, typer.Option("--confirm", metavar="TASK", help="A task's number or title, or all proposed.")] = "",
    refused: Annotated[str, typer.Option("--refuse", metavar="TASK", help="The same; it is not proposed again.")] = "",
    remove: Annotated[
        str, typer.Option("--remove", metavar="TASK", help="A task's number or title; it may be proposed again.")
    ] = "",
    database: DatabaseOption = None,
) -> None:
    """What residents come for: number, state, people a month, title, words, right pages. Only confirmed tasks are tested."""
    from vierluik.findability import list_tasks

    list_tasks(
        open_database(open_settings(database=database)), name, propose=propose, confirm=confirm, refused=refused, remove=remove
    )


@site_app.command("search")
def site_search(
    name: Annotated[str, typer.Argument(help="A site's name or number.")],
    template: Annotated[str | None, typer.Option("--template", help='"https://…/zoeken?q={query}".')] = None,
    page: Annotated[str | None, typer.Option("--page", help="The page with the search form.")] = None,
    field: Annotated[str | None, typer.Option("--field", help="CSS selector of the search field.")] = None,
    opener: Annotated[str | None, typer.Option("--opener", help="CSS selector of the button that shows the field.")] = None,
    results: Annotated[str | None, typer.Option("--results", help="CSS selector of one result.")] = None,
    may_post: Annotated[bool | None, typer.Option("--post/--no-post", help="The search may send its query by POST.")] = None,
    ignores_robots: Annotated[
        bool | None, typer.Option("--ignore-robots/--obey-robots", help="Search although robots.txt keeps robots out.")
    ] = None,
    learn: Annotated[bool, typer.Option("--learn", help="Find out anew how the site is searched.")] = False,
    confirm: Annotated[bool, typer.Option("--confirm", help="It is right.")] = False,
    database: DatabaseOption = None,
    language: LanguageOption = Words.NL,
) -> None:
    """How the site's own search is asked: found out by itself, confirmed once, or set."""
    from vierluik.findability import site_search

    given = {
        "template": template,
        "page": page,
        "field": field,
        "opener": opener,
        "results": results,
        "may_post": may_post,
        "ignores_robots": ignores_robots,
    }
    changes: dict[str, object] = {key: value for key, value in given.items() if value is not None}
    settings = open_settings(database=database)
    stored = open_database(settings)
    wanted = in_force(settings, stored, name).for_run()
    site_search(stored, name, wanted, language.value, changes, learn=learn, confirm=confirm)


@import_app.command("search-log")
def import_search_log(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An access log or an export; also gzip and zstd.")],
    site: Annotated[str, typer.Option("--site", help="The site that was searched: its name or number.")],
    source: Annotated[Source | None, typer.Option("--source", help="What wrote it; seen by itself by default.")] = None,
    name: Annotated[str, typer.Option("--name", help="A name of its own, for a second source of one kind.")] = "",
    search_address: Annotated[
        list[str] | None,
        typer.Option("--search-address", help="Where the search answers in an access log: /zoeken?q= or /zoeken/{query}"),
    ] = None,
    period: Annotated[
        str, typer.Option("--period", help="Of an export that does not say it: 2026-01, or 2026-01-01..2026-01-31.")
    ] = "",
    mapping: Annotated[str, typer.Option("--mapping", help="Which columns hold what: query=Gezocht,searches=Aantal.")] = "",
    preview: Annotated[bool, typer.Option("--dry-run", help="Say what would come of it; nothing is kept.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="The columns were looked at and are read rightly.")] = False,
    database: DatabaseOption = None,
    language: LanguageOption = Words.NL,
) -> None:
    """What residents search for. Personal data is masked before anything is kept; the same file twice changes nothing."""
    from vierluik.search_log import bring_in

    settings = open_settings(database=database)
    stored = open_database(settings)
    bring_in(
        stored,
        file,
        site,
        source=source,
        name=name,
        addresses=search_address or [],
        period=period,
        mapping=mapping,
        case_numbers=in_force(settings, stored).case_number_patterns,
        preview=preview,
        yes=yes,
        language=language.value,
    )


@import_app.command("feedback")
def import_feedback(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV with a page, a day, and a score, answer or comment a line.")],
    site: Annotated[str, typer.Option("--site", help="The site that it is about: its name or number.")],
    mapping: Annotated[str, typer.Option("--mapping", help="Which columns hold what: page=Adres,day=Datum,score=Cijfer.")] = "",
    scale: Annotated[str, typer.Option("--scale", help="The worst and the best score: 1-5. Seen by the scores by default.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="The columns were looked at and are read rightly.")] = False,
    database: DatabaseOption = None,
    language: LanguageOption = Words.NL,
) -> None:
    """What visitors say of pages. Personal data is masked before anything is kept; the same answers twice change nothing."""
    from vierluik.feedback import bring_in

    settings = open_settings(database=database)
    stored = open_database(settings)
    bring_in(
        stored,
        file,
        site,
        mapping=mapping,
        scale=scale,
        yes=yes,
        case_numbers=in_force(settings, stored).case_number_patterns,
        language=language.value,
    )


@import_app.command("measurements")
def import_measurements(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV with a period, a series and a value a line.")],
    site: Annotated[str, typer.Option("--site", help="The site that was measured: its name or number.")],
    source: Annotated[str, typer.Option("--source", help="Where the values come from, for lines that do not say it.")] = "",
    database: DatabaseOption = None,
    language: LanguageOption = Words.NL,
) -> None:
    """Series that others measured, such as satisfaction; a value takes the place of the one of the same period."""
    from vierluik.measurements import bring_in

    bring_in(open_database(open_settings(database=database)), file, site, source=source, language=language.value)


# --- what commands share ---------------------------------------------------------------------------------------------


@import_app.command("owners")
def import_owners(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV; its first line names what is whose, such as path;owner.")],
    site: Annotated[str, typer.Option("--site", help="A site's name or number.")],
    database: DatabaseOption = None,
) -> None:
    """Say whose pages are whose, by path, page, author or template."""
    from vierluik.owners import bring_in

    bring_in(open_database(open_settings(database=database)), file, site)


@subscriber_app.command("add")
def subscriber_add(
    name: Annotated[str, typer.Argument(help="What the person, or the receiving program, is called.")],
    site: Annotated[list[str], typer.Option("--site", help="A site's name or number; may be given more than once.")],
    mail: Annotated[str | None, typer.Option("--mail", metavar="ADDRESS", help="The e-mail address.")] = None,
    webhook: Annotated[str | None, typer.Option("--webhook", metavar="URL", help="Where a program takes signed JSON.")] = None,
    kind: Annotated[list[MessageKind] | None, typer.Option("--kind", help="What to tell; both, where it is not said.")] = None,
    section: Annotated[
        list[str] | None, typer.Option("--section", metavar="PATH", help="Only pages whose path begins so, in digests.")
    ] = None,
    database: DatabaseOption = None,
    language: LanguageOption = Words.NL,
) -> None:
    """Tell somebody things from now on; who is known already is changed."""
    from vierluik.messages import add

    if (mail is None) == (webhook is None):
        raise stop(Exit.WRONG_USE, "Give either --mail or --webhook.")
    channel, address = (Channel.MAIL, mail) if mail else (Channel.WEBHOOK, webhook or "")
    kinds = tuple(kind or MessageKind)
    add(open_database(open_settings(database=database)), name, channel, address, site, kinds, section or [], language.value)


@subscriber_app.command("list")
def subscriber_list(database: DatabaseOption = None) -> None:
    """Everybody who is told something."""
    from vierluik.messages import list_subscribers

    list_subscribers(open_database(open_settings(database=database)))


@subscriber_app.command("remove")
def subscriber_remove(
    name: Annotated[str, typer.Argument(help="A subscriber's number, address or name.")],
    database: DatabaseOption = None,
) -> None:
    """Tell somebody nothing any more."""
    from vierluik.messages import remove

    remove(open_database(open_settings(database=database)), name)


@user_app.command("add")
def user_add(
    mail: Annotated[str, typer.Argument(metavar="MAIL", help="The e-mail address that they log in with.")],
    name: Annotated[str, typer.Option("--name", help="Their name.")],
    role: Annotated[Role, typer.Option("--role", help="What they may do.")],
    site: Annotated[str | None, typer.Option("--site", help="Only on this site; else on all.")] = None,
    invite: Annotated[bool, typer.Option("--invite", help="Print an address where they choose a password themselves.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Make an account; the password is asked, or read from standard input."""
    from vierluik.users import add_user, invite_user

    settings = open_settings(database=database)
    (invite_user if invite else add_user)(open_database(settings), settings, mail, name, role, site)


@user_app.command("list")
def user_list(database: DatabaseOption = None) -> None:
    """Show everybody, with what they may do."""
    from vierluik.users import list_users

    list_users(open_database(open_settings(database=database)))


@user_app.command("reset")
def user_reset(
    mail: Annotated[str, typer.Argument(metavar="MAIL", help="Whose account it is.")], database: DatabaseOption = None
) -> None:
    """Give an account a new password, without second factor; unlock it and switch it on."""
    from vierluik.users import reset_user

    reset_user(open_database(open_settings(database=database)), mail)


@user_app.command("disable")
def user_disable(
    mail: Annotated[str, typer.Argument(metavar="MAIL", help="Whose account it is.")], database: DatabaseOption = None
) -> None:
    """Switch an account off; what they decided stays under their name."""
    from vierluik.users import disable_user

    disable_user(open_database(open_settings(database=database)), mail)


@message_app.command("send")
def message_send(
    write: Annotated[bool, typer.Option("--write", help="Write the digests now; else that is done on Mondays.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Send what is due now."""
    from vierluik.messages import send_now

    settings = open_settings(database=database)
    stored = open_database(settings)
    raise typer.Exit(send_now(stored, in_force(settings, stored), write=write))


@message_app.command("preview")
def message_preview(
    site: Annotated[str, typer.Option("--site", help="A site's name or number.")],
    since: Annotated[
        int | None, typer.Option("--since", metavar="RUN", help="A run's number; the one before by default.")
    ] = None,
    section: Annotated[
        list[str] | None, typer.Option("--section", metavar="PATH", help="Only pages whose path begins so.")
    ] = None,
    html: Annotated[bool, typer.Option("--html", help="Print the HTML instead of the plain text.")] = False,
    database: DatabaseOption = None,
    language: LanguageOption = Words.NL,
) -> None:
    """Print the digest of a site; nothing is sent and nothing is stored."""
    from vierluik.messages import preview

    settings = open_settings(database=database)
    stored = open_database(settings)
    preview(stored, in_force(settings, stored), site, since, section or [], language.value, html=html)


def _read_file(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise stop(Exit.WRONG_USE, f"{file} cannot be read: {error.strerror}.") from error


def _known_rules(text: str | None) -> set[str]:
    wanted = {name.strip() for name in (text or "").split(",") if name.strip()}
    if unknown := sorted(wanted - set(catalogue()) - set(known_policies())):
        raise stop(Exit.WRONG_USE, f"There is no rule {', '.join(unknown)}. The rules are listed in docs/rules.md.")
    return wanted


def _only(result: Judged, rules: set[str]) -> Judged:
    """The result with only the wanted rules; an empty set wants all."""
    if not rules:
        return result
    return dataclasses.replace(
        result,
        findings=tuple(finding for finding in result.findings if finding.rule in rules),
        outcomes={rule: outcome for rule, outcome in result.outcomes.items() if rule in rules},
    )


def _verdict(results: Sequence[PageResult | DocumentResult], fail_on: Impact | None, language: Language) -> Exit:
    for result in results:
        if result.status is PageStatus.UNTESTED:
            say(f"{result.url}: {reason_text(result.reason, language)}")
    if not any(result.status is PageStatus.TESTED for result in results):
        return Exit.NOTHING_JUDGED
    worst = [finding.impact.weight for result in results for finding in result.findings if finding.outcome is Outcome.FAILED]
    return Exit.FINDINGS if fail_on and worst and max(worst) >= fail_on.weight else Exit.FINE
