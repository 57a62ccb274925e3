"""Settings by screen: saved as they are shown, refused beside the field, nobody's text lost, logged, set back, out and in."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from dashboard_seed import NOW
from lxml import html
from sqlalchemy import select
from starlette.testclient import TestClient

from dashboard.app import create_app
from dashboard.setting_words import FAULTS
from rules.account import Role
from rules.setting import Place, SettingsTable
from rules.site import Scope
from storage.account_models import AuditEntry
from storage.accounts import add_account, begin_session, give_role
from storage.database import Database
from storage.models import Site
from storage.settings import change_site, settings_for_all
from storage.sites import add_site
from vierluik.settings_table import table

OURS = {"sec-fetch-site": "same-origin"}
START = "https://www.example.nl"
MARKUP = """<script>alert(1)</script>"\\ ''' [[x]]"""


@pytest.fixture
def site(database: Database) -> int:
    with database.session() as session:
        return add_site(session, "Proef", f"{START}/", Scope((START,)), NOW).id


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "vierluik.toml"


@pytest.fixture
def client_of_all(database: Database, file: Path) -> TestClient:
    """A dashboard beside a vierluik.toml."""
    return TestClient(create_app(database, now=lambda: NOW, settings=table(file)), follow_redirects=False)


def text_of(answer: Any) -> str:
    return " ".join(" ".join(html.fromstring(answer.text).find("body").itertext()).split())


def form_of(client: TestClient, address: str) -> dict[str, Any]:
    """The fields of a form as a browser would send them untouched."""
    form = html.fromstring(client.get(address).text).xpath("//form[contains(@class, 'vl-form')]")[0]
    sent: dict[str, Any] = {}
    for name, value in form.form_values():
        sent[name] = [*sent.get(name, []), value] if name in sent and not isinstance(sent[name], str) else value
    return sent


def own_of(database: Database, site: int) -> dict[str, Any]:
    with database.session() as session:
        return dict(session.get_one(Site, site).settings)


def save(client: TestClient, address: str, changes: dict[str, Any], **more: Any) -> Any:
    return client.post(address, data=form_of(client, address) | changes | more, headers=OURS)


@pytest.mark.parametrize("group", ["site", "scope", "pace", "judgement", "limits"])
def test_a_form_that_nobody_touched_changes_nothing(empty: TestClient, database: Database, site: int, group: str) -> None:
    before = own_of(database, site)
    answer = save(empty, f"/nl/sites/{site}/settings/{group}", {})
    assert answer.headers["location"].endswith("?saved=0")
    assert own_of(database, site) == before
    assert not empty.get(f"/nl/sites/{site}/settings/upkeep").is_success


def test_what_is_saved_is_shown_with_where_it_comes_from(
    client_of_all: TestClient, database: Database, site: int, file: Path
) -> None:
    file.write_text("max_pages = 400\n")
    address = f"/nl/sites/{site}/settings/limits"
    assert "Zonder eigen waarde: 400 (uit vierluik.toml)" in text_of(client_of_all.get(address))
    done = save(client_of_all, address, {"v-max_pages": " 70 ", "v-max_minutes": "1,5"})
    assert "2 instellingen zijn gewijzigd" in text_of(client_of_all.get(done.headers["location"]))
    assert own_of(database, site) == {"max_pages": 70, "max_minutes": 1.5}
    assert save(client_of_all, address, {}).headers["location"].endswith("saved=0")  # 1,5 is 1.5
    shown = text_of(client_of_all.get(f"/nl/sites/{site}/settings"))
    assert "Hoogstens zoveel pagina’s 70 (voor deze site)" in shown
    assert "dashboard Hoogstens zoveel pagina’s niets 70" in shown
    save(client_of_all, address, {"v-max_pages": ""})
    assert "max_pages" not in own_of(database, site)


def test_what_stands_in_the_file_is_read_only_for_all_sites(client_of_all: TestClient, database: Database, file: Path) -> None:
    file.write_text('max_pages = 400\nmetrics_token = "geheim-1"\n')
    shown = client_of_all.get("/nl/settings/limits")
    assert "Hoogstens zoveel pagina’s : 400" in text_of(shown) and 'name="v-max_pages"' not in shown.text
    save(client_of_all, "/nl/settings/limits", {"v-max_pages": "9", "was-max_pages": "", "v-max_depth": "3"})
    with database.session() as session:
        assert settings_for_all(session) == {"max_depth": 3}
    assert "geheim-1" not in client_of_all.get("/nl/settings").text + client_of_all.get("/nl/settings.toml").text
    file.write_text("max_pages = 'veel'")
    assert "vierluik.toml kan niet worden gelezen" in text_of(client_of_all.get("/nl/settings"))


@pytest.mark.parametrize(
    ("group", "field", "typed", "key"),
    [
        ("site", "name", "", "name"),
        ("site", "name", "12", "name"),
        ("site", "name", "x" * 201, "text"),
        ("site", "name", "Andere", "taken"),
        ("site", "time_zone", "Mars/Olympus", "time-zone"),
        ("site", "contact", "a\nb", "one-line"),
        ("scope", "start_url", "javascript:alert(1)", "address"),
        ("scope", "start_url", f"{START}/x", "start-outside"),
        ("scope", "origins", "", "origin"),
        ("scope", "origins", "https://andere.example.nl", "without-start"),
        ("scope", "origins", f"{START}\nhttp://169.254.169.254", "private"),
        ("scope", "origins", f"{START}\nhttp://localhost:8000", "private"),
        ("scope", "origins", f"{START}\nhttps://een.nl/pad", "origin"),
        ("scope", "path_prefix", "wonen", "path"),
        ("scope", "include", "goed\n(((fout", "patterns"),
        ("scope", "exclude", "(?<=achter)om", "patterns"),
        ("scope", "page_types", "product", "page-type"),
        ("pace", "delay_s", "inf", "decimal-least"),
        ("pace", "requests_at_once", "99", "whole"),
        ("pace", "timeout_s", "0", "decimal-more"),
        ("judgement", "norm", "anders", "choice"),
        ("judgement", "engines", "none\naxe", "choice"),
        ("limits", "max_pages", "1e9", "whole-least"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(
    empty: TestClient, database: Database, site: int, group: str, field: str, typed: str, key: str
) -> None:
    with database.session() as session:
        add_site(session, "Andere", "https://andere.example.nl/", Scope(("https://andere.example.nl",)), NOW)
    before = own_of(database, site)
    extra = {"v-path_prefix": "/wonen/"} if key == "start-outside" else {}
    answer = save(empty, f"/nl/sites/{site}/settings/{group}", {f"v-{field}": typed, **extra})
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    wrong = "path_prefix" if key == "start-outside" else field
    [said] = page.xpath(f"//*[@id='fault-{wrong}']")
    assert FAULTS[key].split("%")[0].split("“")[0].strip() in " ".join(said.text_content().split())
    assert page.xpath(f"//div[contains(@class, 'vl-notice')]//a[@href='#{wrong}']")
    [control] = page.xpath(f"//*[@id='{wrong}']")
    assert f"fault-{wrong}" in control.get("aria-describedby") and page.xpath(f"//*[@name='v-{field}']")
    if field not in ("norm", "engines"):
        shown = page.xpath(f"//*[@name='v-{field}']")[0]
        assert [*((shown.text if shown.tag == "textarea" else shown.get("value")) or "").split()] == typed.split()
    assert own_of(database, site) == before


def test_two_who_save_at_once_lose_nothing(empty: TestClient, database: Database, site: int) -> None:
    address = f"/nl/sites/{site}/settings/limits"
    first, second = form_of(empty, address), form_of(empty, address)
    assert empty.post(address, data=first | {"v-max_pages": "100", "v-max_depth": "5"}, headers=OURS).status_code == 303
    # The second changed another field: both stand.
    done = empty.post(address, data=second | {"v-max_documents": "7"}, headers=OURS)
    assert own_of(database, site) == {"max_pages": 100, "max_depth": 5, "max_documents": 7}
    assert "Ondertussen wijzigde iemand anders: Hoogstens zoveel pagina’s" in text_of(empty.get(done.headers["location"]))
    # And the same field: it is shown, and kept only when asked again.
    answer = empty.post(address, data=second | {"v-max_pages": "200", "v-max_minutes": "9"}, headers=OURS)
    assert answer.status_code == 409
    assert "Iemand anders maakte hiervan: 100" in text_of(answer)
    assert own_of(database, site)["max_pages"] == 100
    again = html.fromstring(answer.text).xpath("//form[contains(@class, 'vl-form')]")[0]
    sent = dict(again.form_values())
    assert (sent["v-max_pages"], sent["v-max_minutes"]) == ("200", "9")
    assert empty.post(address, data=sent, headers=OURS).status_code == 303
    assert own_of(database, site) == {"max_pages": 200, "max_depth": 5, "max_documents": 7, "max_minutes": 9.0}


def test_every_change_is_logged_and_can_be_set_back(empty: TestClient, database: Database, site: int) -> None:
    address = f"/nl/sites/{site}/settings"
    save(empty, f"{address}/site", {"v-name": "Nieuw", "v-public": "yes", "v-owner": MARKUP})
    save(empty, f"{address}/scope", {"v-exclude": "/oud/\r\n/archief/", "v-origins": f"{START}\nhttps://zoek.example.nl"})
    with database.session() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.site_id == site).order_by(AuditEntry.id)).all()
    assert [(one.person, one.table, one.action) for one in entries] == [("dashboard", "site", "changed")] * 2
    assert entries[0].changes["name"] == ["Proef", "Nieuw"]
    assert entries[1].changes == {
        "exclude": [None, ["/oud/", "/archief/"]],
        "origins": [[START], [START, "https://zoek.example.nl"]],
    }
    shown = empty.get(address)
    assert shown.text.count("Zet terug") == 5 and "<script>" not in shown.text
    assert tomllib.loads(empty.get(f"{address}.toml").text)["site"]["owner"] == MARKUP
    back = {"entry": entries[1].id, "name": "exclude"}
    assert empty.post(f"/nl/sites/{site}/settings-back", data=back, headers=OURS).status_code == 303
    assert "exclude" not in own_of(database, site)
    for name in ("name", "public", "owner"):
        empty.post(f"/nl/sites/{site}/settings-back", data={"entry": entries[0].id, "name": name}, headers=OURS)
    with database.session() as session:
        now = session.get_one(Site, site)
        assert (now.name, now.settings.get("public"), now.settings.get("owner")) == ("Proef", {"on": False}, None)
    for wrong in ({"entry": 10_000, "name": "name"}, {"entry": entries[0].id, "name": "settings"}):
        assert empty.post(f"/nl/sites/{site}/settings-back", data=wrong, headers=OURS).status_code == 404
    with database.session() as session:
        change_site(session, session.get_one(Site, site), {"name": "Derde"})
        add_site(session, "Proef", "https://proef.example.nl/", Scope(("https://proef.example.nl",)), NOW)
    refused = empty.post(f"/nl/sites/{site}/settings-back", data={"entry": entries[0].id, "name": "name"}, headers=OURS)
    assert refused.status_code == 422 and "Er is al een site met deze naam" in text_of(refused)


def test_a_scope_is_tried_before_it_is_kept(client: TestClient, stored: Database, ids: dict[str, int]) -> None:
    address = f"/nl/sites/{ids['big_site']}/settings/scope"
    sent = form_of(client, address)
    all_of_it = text_of(client.post(address, data=sent | {"act": "try"}, headers=OURS))
    assert "bekende pagina" in all_of_it
    page = client.post(address, data=sent | {"act": "try", "v-include": "nergens-zo"}, headers=OURS)
    assert page.status_code == 200
    assert "Dit neemt 0 van de" in text_of(page) and "De beginpagina valt erbuiten" in text_of(page)
    assert html.fromstring(page.text).xpath("//textarea[@id='include']")[0].text.strip() == "nergens-zo"
    assert "include" not in own_of(stored, ids["big_site"])


def test_a_site_goes_out_and_comes_in_after_a_look(empty: TestClient, database: Database, site: int) -> None:
    address = f"/nl/sites/{site}/settings"
    save(empty, f"{address}/limits", {"v-max_pages": "70"})
    empty.post(f"/nl/sites/{site}/owners", data={"kind": "section", "value": "/afval", "owner": 'team "afval"\\'}, headers=OURS)
    written = empty.get(f"{address}.toml")
    assert written.headers["content-disposition"] == f'attachment; filename="proef-{site}.toml"'
    tables = tomllib.loads(written.text)
    assert tables["settings"] == {"max_pages": 70}
    assert tables["owner"] == [{"kind": "section", "value": "/afval/", "owner": 'team "afval"\\'}]
    other = written.text.replace("max_pages = 70", "max_pages = 80\nexclude = ['/oud/']").replace(
        'name = "Proef"', 'name = "Twee"'
    )
    look = empty.post(f"{address}-file", files={"file": ("site.toml", other.encode())}, headers=OURS)
    shown = text_of(look)
    assert "instelling Hoogstens zoveel pagina’s 70 80" in shown and "site Naam Proef Twee" in shown
    assert own_of(database, site)["max_pages"] == 70
    [text] = html.fromstring(look.text).xpath("//textarea[@hidden]")
    done = empty.post(f"{address}-file", data={"text": text.text.removeprefix("\n"), "act": "keep"}, headers=OURS)
    assert done.status_code == 303
    assert own_of(database, site) == {"max_pages": 80, "exclude": ["/oud/"]}
    assert "Alles is al zoals in het bestand" in text_of(empty.post(f"{address}-file", data={"text": other}, headers=OURS))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[site", "not valid TOML"),
        (
            f'[site]\nname = "Proef"\nstart_url = "{START}/"\norigins = ["{START}", "http://10.0.0.1"]',
            "hoort niet bij het internet",
        ),
        (f'[site]\nname = "Proef"\nstart_url = "{START}/"\n[settings]\ninclude = ["((("]', "geen reguliere expressie"),
        (f'[site]\nname = "Andere"\nstart_url = "{START}/"', "al een site met deze naam"),
    ],
)
def test_a_file_that_cannot_be_changes_nothing(empty: TestClient, database: Database, site: int, text: str, said: str) -> None:
    with database.session() as session:
        add_site(session, "Andere", "https://andere.example.nl/", Scope(("https://andere.example.nl",)), NOW)
    answer = empty.post(f"/nl/sites/{site}/settings-file", data={"text": text, "act": "keep"}, headers=OURS)
    assert answer.status_code == 422 and said in text_of(answer)
    assert html.fromstring(answer.text).xpath("//textarea[@id='text']")[0].text.strip() == text
    assert own_of(database, site) == {}


def test_a_log_in_is_never_set_nor_sent_elsewhere_from_a_screen(empty: TestClient, database: Database, site: int) -> None:
    login = '\n[login]\nuser = "jan"\npassword = "env:VIERLUIK_MAIL_PASSWORD"\n'
    text = f'[site]\nname = "Proef"\nstart_url = "{START}/"\n{login}'
    look = empty.post(f"/nl/sites/{site}/settings-file", data={"text": text}, headers=OURS)
    assert "wordt niet van een scherm aangenomen" in text_of(look)
    empty.post(f"/nl/sites/{site}/settings-file", data={"text": text, "act": "keep"}, headers=OURS)
    assert "login" not in own_of(database, site)
    with database.session() as session:
        change_site(session, session.get_one(Site, site), {"login": {"user": "jan", "password": "env:GEHEIM"}})
    assert "env:GEHEIM" in text_of(empty.get(f"/nl/sites/{site}/settings"))
    sent = {"v-origins": f"{START}\nhttps://kwaad.nl", "was-origins": START, "v-start_url": "https://kwaad.nl/"}
    save(empty, f"/nl/sites/{site}/settings/scope", sent)
    refused = empty.post(
        f"/nl/sites/{site}/settings-file",
        data={"text": text.replace(START, "https://kwaad.nl") + "", "act": "keep"},
        headers=OURS,
    )
    assert refused.status_code == 422
    with database.session() as session:
        assert session.get_one(Site, site).origins == [START]


def test_the_installation_goes_out_and_in(client_of_all: TestClient, database: Database, file: Path) -> None:
    file.write_text('mail_server = "mail.example.nl"\n')
    text = 'max_pages = 30\nmail_server = "elders.example.nl"\n'
    look = text_of(client_of_all.post("/nl/settings-file", data={"text": text}, headers=OURS))
    assert "instelling Hoogstens zoveel pagina’s niets 30" in look and "mail_server" in look
    assert client_of_all.post("/nl/settings-file", data={"text": text, "act": "keep"}, headers=OURS).status_code == 303
    assert tomllib.loads(client_of_all.get("/nl/settings.toml").text) == {"max_pages": 30, "mail_server": "mail.example.nl"}
    with database.session() as session:
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.table, entry.site_id, entry.changes) == ("installation_settings", None, {"max_pages": [None, 30]})
    back = {"entry": entry.id, "name": "max_pages"}
    assert client_of_all.post("/nl/settings-back", data=back, headers=OURS).status_code == 303
    with database.session() as session:
        assert settings_for_all(session) == {}
    wrong = client_of_all.post("/nl/settings-file", data={"text": "max_page = 3\nmax_depth = -1", "act": "keep"}, headers=OURS)
    assert wrong.status_code == 422 and "max_page" in wrong.text and "Schrijf een heel getal van 0 of meer" in text_of(wrong)


def test_a_new_site_is_added_by_screen(empty: TestClient, database: Database) -> None:
    added = empty.post("/nl/new-site", data={"name": "Voorbeeldstad", "start_url": "www.voorbeeldstad.nl"}, headers=OURS)
    assert added.status_code == 303
    with database.session() as session:
        site = session.scalars(select(Site)).one()
        assert (site.start_url, site.origins) == ("https://www.voorbeeldstad.nl/", ["https://www.voorbeeldstad.nl"])
    for name, address, field in [
        ("Voorbeeldstad", "https://elders.nl", "name"),
        ("Elders", "http://localhost/", "start_url"),
        ("Elders", "", "start_url"),
        ("", "https://elders.nl", "name"),
    ]:
        refused = empty.post("/nl/new-site", data={"name": name, "start_url": address}, headers=OURS)
        assert refused.status_code == 422 and f'id="fault-{field}"' in refused.text


def test_an_administrator_of_one_site_says_not_where_it_is(database: Database, settings_table: SettingsTable, site: int) -> None:
    with database.session() as session:
        account = add_account(session, "bea@example.nl", "Bea", "de kat krabt de krullen van de trap", NOW)
        give_role(session, account.id, Role.ADMINISTRATOR, site)
        auditor = add_account(session, "aad@example.nl", "Aad", "de kat krabt de krullen van de trap", NOW)
        give_role(session, auditor.id, Role.AUDITOR, site)
        tokens = [begin_session(session, one, NOW, whole=True) for one in (account, auditor)]
    app = create_app(database, now=lambda: NOW, settings=settings_table)
    bea, aad = (TestClient(app, follow_redirects=False, cookies={"vierluik": token}) for token in tokens)
    scope = f"/nl/sites/{site}/settings/scope"
    assert "Alleen een beheerder van alle sites" in text_of(bea.get(scope))
    sent = {"v-origins": "https://kwaad.nl", "was-origins": START, "v-exclude": "/oud/"}
    assert save(bea, scope, sent).status_code == 303
    with database.session() as session:
        stored = session.get_one(Site, site)
        assert (stored.origins, stored.settings) == ([START], {"exclude": ["/oud/"]})
        assert session.scalars(select(AuditEntry).where(AuditEntry.table == "site")).one().person == "Bea"
    for address in ("/nl/settings", "/nl/settings/limits", "/nl/new-site"):
        assert bea.get(address).status_code == 403
    assert aad.get(scope).status_code == 200 and 'name="act"' not in aad.get(scope).text
    assert aad.post(scope, data=sent, headers=OURS).status_code == 403
    assert bea.post(scope, data=sent, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_a_huge_form_is_refused(empty: TestClient, site: int) -> None:
    address = f"/nl/sites/{site}/settings/site"
    assert empty.post(address, data={"v-contact": "x" * 1_100_000}, headers=OURS).status_code == 413
    assert empty.post(address, data={"v-contact": "x" * 900_000}, headers=OURS).status_code == 422


def test_every_field_of_the_table_has_its_control(empty: TestClient, settings_table: SettingsTable, site: int) -> None:
    for place, base in ((Place.SITE, f"/nl/sites/{site}/settings"), (Place.ALL, "/nl/settings")):
        for one in settings_table.at(place):
            assert f'name="v-{one.name}"' in empty.get(f"{base}/{one.group}").text, (place, one.name)
