"""What is set where: one table out of the declaration, one precedence, and TOML that gives the same settings again."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from starlette.testclient import TestClient
from typer.testing import CliRunner

from crawler.browser import BrowserFile
from dashboard.app import create_app
from dashboard.setting_words import GROUPS, WORDS
from rules.findability import RightPage, SearchTask
from rules.kpi import Target, kpis
from rules.owners import OwnedBy, OwnerRule
from rules.page_type import PageType
from rules.policy import Policy, PolicyKind
from rules.schedule import OF_SITE, Plan
from rules.setting import Place, SettingFault, SettingGroup, SettingKind, Source, in_force
from rules.site import Scope
from rules.site_file import (
    KpiGoal,
    Planned,
    SiteFile,
    SiteFileError,
    differences,
    read_site_file,
    read_toml,
    site_file_text,
)
from rules.site_settings import FIELDS, may_be_public
from rules.toml_text import toml_text
from storage.database import Database
from storage.models import Page, PageState, Run
from storage.settings import change_for_all, change_site, settings_for_all
from storage.site_file import bring_in, make_site, site_file_of
from storage.sites import add_site, get_site
from vierluik.command_line import app
from vierluik.opening import in_force as settings_in_force
from vierluik.opening import open_settings
from vierluik.sample_site import serve
from vierluik.settings import Settings
from vierluik.settings_table import SECRETS, WHERE, check, said_in, table

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
START = "https://www.example.nl/"
RUNNER = CliRunner()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own to stand in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VIERLUIK_DB", raising=False)
    return tmp_path


@pytest.fixture
def database(here: Path) -> Iterator[Database]:
    database = Database("sqlite:///vierluik.db")
    database.migrate()
    yield database
    database.close()


# --- the table -------------------------------------------------------------------------------------------------------


def test_every_setting_has_a_field_or_a_reason_why_not() -> None:
    assert set(WHERE) == set(Settings.model_fields)
    for one in table().settings:
        assert bool(one.places) != bool(one.only_in_file), one.name
    assert set(SECRETS) == {"metrics_token"}


def test_every_field_has_words_and_stands_on_a_screen() -> None:
    fields = [*FIELDS, *(one for one in table().settings if one.places)]
    assert set(WORDS) == {one.name for one in fields}
    assert set(GROUPS) == set(SettingGroup)
    for one in fields:
        assert one.kind in SettingKind and one.group in SettingGroup


@pytest.mark.parametrize("name", [one.name for one in table().settings if one.places])
def test_the_default_of_a_field_is_read_back_as_it_is_written(name: str) -> None:
    one = next(one for one in table().settings if one.name == name)
    written = one.written(one.default)
    assert (one.read(written) if written else one.default) == one.default
    assert check(name, one.default) == one.default


@pytest.mark.parametrize(
    ("name", "text", "key"),
    [
        ("max_pages", "veel", "whole-least"),
        ("max_pages", "0", "whole-least"),
        ("max_pages", "1" * 400, "whole-least"),
        ("requests_at_once", "33", "whole"),
        ("delay_s", "nan", "decimal-least"),
        ("delay_s", "inf", "decimal-least"),
        ("timeout_s", "0", "decimal-more"),
        ("norm", "wcag-9", "choice"),
        ("engines", "axe\nnetscape", "choice"),
        ("contact", "web@example.nl\nX-Evil: 1", "one-line"),
        ("contact", "a\u202eb", "unprintable"),
        ("include", "(((a", "patterns"),
        ("include", "(?=kijk)vooruit", "patterns"),
        ("include", "a{1000}{1000}{1000}", "patterns"),
        ("exclude", "x" * 3_000, "too-long"),
        ("exclude", "\n".join("x" * number for number in range(1, 300)), "too-long"),
        ("page_types", "product", "page-type"),
        ("page_types", "koekje /regelen/", "page-types"),
    ],
)
def test_what_cannot_be_is_refused_before_it_is_kept(name: str, text: str, key: str) -> None:
    one = next(one for one in table().settings if one.name == name)
    with pytest.raises(SettingFault) as refused:
        check(name, one.read(text))
    assert refused.value.key == key


def test_an_expression_that_explodes_elsewhere_does_not_here() -> None:
    scope = Scope((START.rstrip("/"),), include=(check("include", ["(a+)+$"])[0],))
    assert scope.left_out(START + "a" * 50_000 + "!") == "not-included"  # hours for an engine that tries every way
    assert Scope((START.rstrip("/"),), exclude=("/Oud/",)).left_out(START + "oud/") is None  # capitals count in addresses


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "localhost", "intranet", "db.internal", "nas.local."]
)
def test_a_host_of_a_private_network_is_known_by_its_name(host: str) -> None:
    assert not may_be_public(host)
    assert may_be_public("www.example.nl")


# --- which value counts ----------------------------------------------------------------------------------------------


def test_the_site_goes_before_the_file_before_the_screen_before_the_default() -> None:
    one = next(one for one in table().settings if one.name == "max_pages")
    layers: list[dict[str, Any]] = [{"max_pages": 1}, {"max_pages": 2}, {"max_pages": 3}]
    for gone, (value, source) in enumerate([(1, Source.SITE), (2, Source.FILE), (3, Source.ALL), (5_000, Source.DEFAULT)]):
        found = in_force(one, *({} if number < gone else layer for number, layer in enumerate(layers)))
        assert (found.value, found.source) == (value, source)


def test_what_a_command_goes_by_is_what_the_screen_shows(here: Path, database: Database) -> None:
    """Settings.with_screens, which runs go by, against in_force, which the screens show."""
    (here / "vierluik.toml").write_text('max_pages = 20\ndelay_s = 2.0\nengines = ["axe"]\ninclude = ["/file/"]\n')
    with database.session() as session:
        site = add_site(session, "Proef", START, Scope((START.rstrip("/"),)), NOW)
        change_for_all(session, {"max_pages": 30, "max_depth": 3, "timeout_s": 9.0})
        change_site(session, site, {"max_pages": 40, "delay_s": 0.5, "contact": "web@example.nl", "exclude": ["/oud/"]})
    used = settings_in_force(open_settings(), database, "Proef")
    known = table()
    with database.session() as session:
        for_all, own = settings_for_all(session), get_site(session, "Proef").settings
    for one in known.at(Place.SITE):
        if one.name not in ("include", "exclude"):  # which a run takes from the site itself
            assert getattr(used, one.name) == in_force(one, own, known.of_file(), for_all).value, one.name
    assert (used.max_pages, used.max_depth, used.delay_s, used.timeout_s) == (40, 3, 0.5, 9.0)
    assert in_force(next(one for one in known.settings if one.name == "include"), own, known.of_file(), {}).value == []
    more = settings_in_force(open_settings(engines="+qualweb", max_pages=5), database, "Proef")
    assert (more.engines, more.max_pages) == (["axe", "qualweb"], 5)


def test_a_stored_value_that_is_refused_now_is_left_out(here: Path, database: Database) -> None:
    with database.session() as session:
        change_for_all(session, {"max_pages": "veel", "gone": 1, "max_depth": 4})
    assert settings_in_force(open_settings(), database).max_depth == 4


# --- TOML ------------------------------------------------------------------------------------------------------------

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
LINE = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=40).filter(str.isprintable)
PLAIN = st.one_of(st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False), ANY_TEXT, st.dates())
TABLE = st.dictionaries(ANY_TEXT, st.one_of(PLAIN, st.lists(PLAIN, max_size=3)), max_size=4)


@given(st.dictionaries(ANY_TEXT, st.one_of(PLAIN, TABLE, st.lists(TABLE, max_size=3)), max_size=6))
def test_whatever_stands_in_a_text_is_read_back_the_same(values: dict[str, Any]) -> None:
    assert tomllib.loads(toml_text(values)) == values


PATTERNS = st.lists(st.sampled_from(["/a", r"\.pdf$", 'q="x"', "é+", "(a+)+$", r"\\"]), unique=True, max_size=3)
SITE_SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "max_pages": st.integers(1, 10**9),
        "delay_s": st.floats(0, 1e6),
        "obey_robots": st.booleans(),
        "contact": LINE.map(str.strip).filter(bool),
        "include": PATTERNS,
        "engines": st.lists(st.sampled_from(["axe", "alfa", "vierluik"]), min_size=1, unique=True),
        "norm": st.sampled_from(["en301549-3.2.1", "en301549-4.1.1"]),
        "page_types": st.lists(
            st.fixed_dictionaries({"type": st.sampled_from([*PageType]), "pattern": st.just('/"x"')}), max_size=2
        ),
    },
)
POLICIES = st.lists(
    st.builds(
        Policy,
        id=st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8})?", fullmatch=True),
        title=LINE,
        kind=st.just(PolicyKind.TEXT),
        wanted=LINE,
        must_occur=st.booleans(),
        pages=st.sampled_from(["", "/a", '"']),
        page_types=st.lists(st.sampled_from(PageType), unique=True, max_size=2).map(tuple),
        why=ANY_TEXT.filter(lambda text: "\x00" not in text),
        on=st.booleans(),
    ),
    max_size=3,
    unique_by=lambda one: one.id,
).map(tuple)
PLANS = st.builds(
    Plan,
    cron=st.sampled_from(["0 3 * * *", "*/5 1-4 * jan-mar sun"]),
    time_zone=st.sampled_from(["UTC", "Europe/Amsterdam"]),
    jitter_s=st.integers(0, 86_400),
    quiet_hours=st.sampled_from(["", "07:00-19:00"]),
)
TASKS = st.lists(
    st.builds(
        SearchTask,
        title=LINE,
        queries=st.lists(LINE, min_size=1, max_size=3, unique=True).map(tuple),
        right=st.lists(
            st.builds(RightPage, url=st.sampled_from([START, f"{START}a", f"{START}b?c=d"]), grade=st.integers(1, 3)),
            min_size=1,
            max_size=3,
            unique_by=lambda one: one.url,
        ).map(tuple),
        product=st.sampled_from(["", "paspoort"]),
    ),
    max_size=3,
    unique_by=lambda one: one.title,
).map(lambda tasks: tuple(sorted(tasks, key=lambda one: one.title)))
TARGETS = st.lists(
    st.builds(
        KpiGoal,
        kpi=st.sampled_from(sorted(kpis())),
        target=st.builds(
            Target, st.just(date(2026, 1, 1)), st.floats(0, 1e6), st.dates(date(2026, 1, 2), date(2040, 1, 1)), st.floats(0, 1e6)
        ),
        owner=LINE,
        review_on=st.none() | st.dates(),
    ),
    max_size=3,
    unique_by=lambda one: one.kpi,
).map(lambda goals: tuple(sorted(goals, key=lambda one: one.kpi)))
OWNERS = st.lists(st.builds(OwnerRule, st.just(OwnedBy.AUTHOR), LINE, LINE), max_size=3, unique_by=lambda one: one.value).map(
    lambda rules: tuple(sorted(rules, key=lambda one: one.value))
)
SITE_FILES = st.builds(
    SiteFile,
    site=st.fixed_dictionaries(
        {
            "name": LINE.filter(lambda text: not text.isdigit()),
            "start_url": st.just(f"{START}wonen/"),
            "origins": st.just(["https://www.example.nl", "https://zoek.example.nl"]),
            "path_prefix": st.sampled_from(["/", "/wonen/"]),
            "time_zone": st.just("Europe/Amsterdam"),
            "owner": LINE,
            "public": st.booleans(),
        }
    ),
    settings=SITE_SETTINGS,
    policies=POLICIES,
    schedules=st.lists(
        st.builds(Planned, st.sampled_from(OF_SITE), PLANS, st.booleans()), max_size=3, unique_by=lambda one: one.kind
    ).map(tuple),
    owners=OWNERS,
    tasks=TASKS,
    targets=TARGETS,
    planned=st.dictionaries(st.sampled_from(["text-contrast", "page-language"]), st.dates(), max_size=2),
    login=st.none(),
)


@given(SITE_FILES)
def test_a_site_file_is_read_back_the_same(file: SiteFile) -> None:
    again = read_site_file(read_toml(site_file_text(file).encode()), table())
    assert not differences(file, again) and not differences(again, file)
    assert again == file


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(SITE_FILES)
def test_a_fresh_installation_gets_the_same_settings(database: Database, file: SiteFile) -> None:
    with database.session() as session:
        site = make_site(session, file, NOW)
        bring_in(session, site, file, table(), "test", NOW, login=False)
        stored = site_file_of(session, site, table())
        assert not differences(stored, file) and not differences(file, stored)
        text = site_file_text(stored)
        session.delete(site)
    with database.session() as session:
        read = read_site_file(read_toml(text.encode()), table())
        site = make_site(session, read, NOW)
        bring_in(session, site, read, table(), "test", NOW, login=False)
        assert site_file_text(site_file_of(session, site, table())) == text
        session.delete(site)


SITE = '[site]\nname = "A"\nstart_url = "https://www.example.nl/"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[site", "not valid TOML"),
        ("a = " + "[" * 5_000, "not valid TOML"),
        ('[site]\nname = "A"', "name and start_url"),
        ('[site]\nname = "12"\nstart_url = "https://www.example.nl/"', "a name is no number"),
        ('[site]\nname = "A"\nstart_url = "javascript:alert(1)"', "no web address"),
        (SITE + 'colour = "red"', "no 'colour'"),
        ('x = 1\n[site]\nname = "A"\nstart_url = "https://www.example.nl/"', "no part 'x'"),
        (SITE + '[settings]\nmetrics_token = "x"', "no setting of a site"),
        (SITE + '[settings]\ninclude = ["((("]', "no regular expression"),
        (SITE + '[[task]]\ntitle = "T"', "task 1: pages is missing"),
        (SITE + '[[schedule]]\nkind = "full"\ncron = "nooit"', "no cron line"),
        (SITE + '[login]\nuser = "a"\npassword = "geheim"', "never written down"),
        (SITE + '[[owner]]\nkind = "template"\nvalue = "1"\nowner = "x"', "template"),
        (SITE + '[[target]]\nkpi = "geluk"', "no KPI 'geluk'"),
    ],
)
def test_a_file_that_cannot_be_says_where(text: str, said: str) -> None:
    with pytest.raises(SiteFileError, match=said) as refused:
        read_site_file(read_toml(text.encode()), table())
    assert "geheim" not in str(refused.value)


# --- the command line ------------------------------------------------------------------------------------------------


def test_a_site_goes_out_and_in_by_the_command_line(here: Path, database: Database) -> None:
    with database.session() as session:
        site = add_site(session, 'Proef "a"\n[x]', START, Scope((START.rstrip("/"),)), NOW, cron="0 3 * * *")
        change_site(session, site, {"name": 'Proef "a" [x]', "max_pages": 7, "exclude": ["/oud/"], "public": True})
    written = RUNNER.invoke(app, ["settings", "export", "--site", "1", "-o", "site.toml"])
    assert written.exit_code == 0, written.output
    other = ["--db", "sqlite:///other.db"]
    before = RUNNER.invoke(app, ["settings", "import", "site.toml", "--dry-run", *other])
    assert "settings\tmax_pages\t-\t7" in before.output and "Nothing was kept" in before.output
    done = RUNNER.invoke(app, ["settings", "import", "site.toml", *other])
    assert done.exit_code == 0, done.output
    again = RUNNER.invoke(app, ["settings", "export", "--site", "1", *other])
    assert again.output == Path("site.toml").read_text(encoding="utf-8")
    assert "different were: 0" in RUNNER.invoke(app, ["settings", "import", "site.toml", *other]).output
    shown = RUNNER.invoke(app, ["settings", "show", "--site", "1", *other]).output
    assert "max_pages\t7\tsite" in shown and "max_depth\t25\tdefault" in shown


def test_the_installation_goes_out_and_in_without_its_secrets(here: Path, database: Database) -> None:
    Path("vierluik.toml").write_text('max_pages = 20\nmetrics_token = "geheim"\nmail_server = "mail.example.nl"\n')
    with database.session() as session:
        change_for_all(session, {"max_pages": 30, "delay_s": 1.5})
    written = RUNNER.invoke(app, ["settings", "export"]).output
    assert tomllib.loads(written) == {"delay_s": 1.5, "max_pages": 20, "mail_server": "mail.example.nl"}
    assert "geheim" not in written + RUNNER.invoke(app, ["settings", "show"]).output
    Path("all.toml").write_text(written)
    Path("vierluik.toml").unlink()
    done = RUNNER.invoke(app, ["settings", "import", "all.toml", "--db", "sqlite:///other.db"])
    assert done.exit_code == 0 and "mail_server stands in vierluik.toml only" in done.output
    shown = RUNNER.invoke(app, ["settings", "show", "--db", "sqlite:///other.db"]).output
    assert "delay_s\t1.5\tall" in shown and "max_pages\t20\tall" in shown
    Path("all.toml").write_text("max_pages = 0\n")
    assert RUNNER.invoke(app, ["settings", "import", "all.toml"]).exit_code == 2


# --- a run goes by it ------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_next_run_goes_by_what_was_set_on_the_screen(here: Path, database: Database, browser: BrowserFile) -> None:
    """Scope, engines, pace and contact of the screens and the file, in a run that the command makes as the scheduler does."""
    Path("vierluik.toml").write_text('contact = "file@example.nl"\nmax_pages = 12\n')
    client = TestClient(create_app(database, settings=table()), headers={"sec-fetch-site": "same-origin"})
    with serve("1") as sample:
        with database.session() as session:
            site = add_site(session, "Proef", f"{sample.url}/", Scope((sample.url.rstrip("/"),)), NOW).id
        client.post("/nl/settings/pace", data={"v-seconds_before_second_look": "0", "v-link_cache_hours": "0"})
        client.post(f"/nl/sites/{site}/settings/judgement", data={"v-engines": ["none", ""]})
        pages = []
        for exclude in ("", "/(nieuws|regelen)"):
            saved = client.post(f"/nl/sites/{site}/settings/scope", data={"v-exclude": exclude, "was-exclude": ""})
            assert saved.status_code == 200
            order = [sys.executable, "-m", "vierluik", "run", str(site), "--by=schedule", "--db", "sqlite:///vierluik.db"]
            made = subprocess.run(order, capture_output=True, text=True, check=False)
            assert made.returncode in (0, 3), made.stderr
            with database.session() as session:
                run = session.scalars(select(Run).order_by(Run.id.desc()).limit(1)).one()
                open_pages = select(Page.identity, PageState.reason).join(PageState, PageState.page_id == Page.id)
                found = session.execute(open_pages.where(PageState.closed_run_id.is_(None))).all()
            assert run.settings["engines"] == ["none"] and run.settings["contact"] == "file@example.nl"
            assert run.settings["limits"]["max_pages"] == 12
            pages.append({url for url, reason in found if reason != "excluded"})
    assert [url for url in pages[0] if "/nieuws" in url or "/regelen" in url]
    assert pages[1] and not [url for url in pages[1] if "/nieuws" in url or "/regelen" in url]


def test_an_export_holds_no_password_of_the_database() -> None:
    for address in ("postgresql://vl:geheim@db/v", "postgresql://db/v?user=vl&password=geheim"):
        said = said_in(Settings(database=address))
        assert "geheim" not in said["database"] and "db/v" in said["database"]
