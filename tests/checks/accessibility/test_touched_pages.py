"""Well-made patterns and innocent look-alikes are touched, and accused of nothing; and touching a form sends nothing."""

from __future__ import annotations

import asyncio

import pytest
from sites.hostile import Served, page, serve

from checks.probe import sources
from checks.topics import documents_of, topics, touching_probes
from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile
from crawler.visit import Visitor, driver
from rules.observation import Evidence, PageSnapshot
from rules.outcome import Outcome
from rules.probe import World

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("touched-pages")]

# Everyday parts of municipal sites that probes may trip over, each made as it should be; more stand in innocent/.
INNOCENT = {
    "/sentinels": (  # A dialog that keeps the focus by two hidden links.
        '<div>Pagina <a href="#">link</a></div><a href="#" id=s1 aria-hidden=true style="position:absolute;'
        'top:-99em">x</a><div role=dialog aria-modal=true aria-label=D id=d><label>Naam <input id=n></label>'
        '<button id=k>Sluiten</button></div><a href="#" id=s2 aria-hidden=true style="position:absolute;'
        'top:-99em">x</a><script>n.focus();s1.onfocus=()=>k.focus();s2.onfocus=()=>n.focus();k.onclick=()=>'
        "{d.remove();s1.remove();s2.remove()}</script>"
    ),
    "/cookiewall": (  # A cookie wall that keeps the focus until one chooses.
        "<main><h1>x</h1><a href=#a>Link</a></main><div role=dialog aria-modal=true aria-label=Cookies id=d "
        'style="position:fixed;inset:0;background:#fff"><p>Wij gebruiken cookies</p><button id=k1>Alles '
        'accepteren</button><button id=k2>Weigeren</button><a id=k3 href="#p">Meer informatie</a></div><script>'
        "const f=[k1,k2,k3];k1.focus();d.onkeydown=e=>{if(e.key=='Tab'){e.preventDefault();const "
        "i=f.indexOf(document.activeElement);f[(i+(e.shiftKey?2:1))%3].focus()}};k1.onclick=k2.onclick=()=>"
        "d.remove()</script>"
    ),
    "/cards": (  # Cards and rows that can be clicked, with a link in each.
        "<style>.c{border:1px solid;cursor:pointer;padding:9px}</style><div class=c onclick=\"location='/p'\"><h2>"
        '<a href="/p">Paspoort</a></h2><p>tekst</p></div><table><tr onclick="location=\'/r\'"><td><a href="/r">'
        'Rij</a></td><td>2026</td></tr></table><label onclick="void 0">Zoek <input></label><img '
        'src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="" width=50 height=50 onclick="console.log(1)">'
    ),
    "/backdrop": (  # A layer behind a window, which closes it as its button does.
        '<div id=bd style="position:fixed;inset:0;background:rgba(0,0,0,.5)"></div><div role=dialog aria-label=M '
        'style="position:fixed;top:50px;left:50px;background:#fff"><button id=x>Sluiten</button></div><p>Hallo</p>'
        "<script>bd.onclick=x.onclick=()=>{bd.remove();x.parentElement.remove()}</script>"
    ),
    "/focus_shadow": (  # Focus that comes in slowly, as a shadow.
        "<style>a,button{outline:none;transition:box-shadow .4s,background "
        ".4s}a:focus-visible,button:focus-visible{box-shadow:0 0 0 4px #05c}nav a:focus{text-decoration:none;"
        "border-bottom:3px solid}</style><nav><a href=#1>Een</a> <a href=#2>Twee</a></nav><p><a href=#3>Drie</a>"
        "</p><button>Vier</button>"
    ),
    "/customcheck": (  # Hidden checkboxes with drawn labels.
        "<style>.v{position:absolute;opacity:0;width:1px;"
        "height:1px}.v+span::before{content:'☐'}.v:checked+span::before{content:'☑'}.v:focus+span{outline:2px "
        "solid}</style><label><input type=checkbox class=v><span> Akkoord</span></label><label><input type=radio "
        "name=r class=v><span> A</span></label><label><input type=radio name=r class=v><span> B</span></label>"
    ),
    "/media": (  # Players and dates, with several stops inside.
        '<video controls src="/x.mp4" width=300></video><audio controls src="/x.mp3"></audio><input type=date '
        "aria-label=d><input type=datetime-local aria-label=e><a href=#>Na</a>"
    ),
    "/iframe": (  # A frame.
        '<a href=#>Voor</a><iframe title=f srcdoc="<a href=x>een</a><a href=y>twee</a>"></iframe><a href=#>Na</a>'
    ),
    "/editor": (  # Fields with several lines.
        '<a href=#>Voor</a><div contenteditable role=textbox aria-label=T aria-multiline=true style="border:1px '
        'solid">tekst</div><textarea aria-label=u></textarea><a href=#>Na</a>'
    ),
    "/typeahead": (  # A list that searches as one types in it.
        "<ul role=listbox tabindex=0 id=l aria-label=L><li role=option>Aap</li><li role=option>Noot</li></ul>"
        "<script>l.onkeydown=e=>{for(const o of "
        "l.children)o.setAttribute('aria-selected',o.textContent[0].toLowerCase()==e.key)}</script>"
    ),
    "/shadow": (  # Buttons in an open shadow root.
        "<my-x></my-x><a href=#>Na</a><script>customElements.define('my-x',class extends "
        "HTMLElement{connectedCallback(){this.attachShadow({mode:'open'}).innerHTML='<button>Een</button><button>"
        "Twee</button>'}})</script>"
    ),
    "/closedshadow": (  # Buttons in a closed shadow root.
        "<my-y></my-y><a href=#>Na</a><script>customElements.define('my-y',class extends "
        "HTMLElement{connectedCallback(){this.attachShadow({mode:'closed'}).innerHTML='<button>Een</button>"
        "<button>Twee</button><button>Drie</button>'}})</script>"
    ),
    "/sticky": (  # A header that stays, and leaves room.
        "<style>header{position:sticky;top:0;background:#fff;height:60px}html{scroll-padding-top:70px}</style>"
        '<header><a href=#>Home</a></header><p style="margin:90px 0"><a href=#0>Link 0</a></p><p '
        'style="margin:90px 0"><a href=#1>Link 1</a></p><p style="margin:90px 0"><a href=#2>Link 2</a></p><p '
        'style="margin:90px 0"><a href=#3>Link 3</a></p><p style="margin:90px 0"><a href=#4>Link 4</a></p><p '
        'style="margin:90px 0"><a href=#5>Link 5</a></p><p style="margin:90px 0"><a href=#6>Link 6</a></p><p '
        'style="margin:90px 0"><a href=#7>Link 7</a></p>'
    ),
    "/form": (  # Forms that the browser checks.
        "<form method=post action=/x><label>Naam <input required></label><label>E-mail <input type=email required>"
        "</label><select aria-label=w><option>a<option>b</select><label><input type=checkbox> x</label><button>"
        "Versturen</button></form><form role=search><label>Zoek<input></label><button>Zoek</button></form>"
    ),
    "/reflow": (  # A grid, a wide table and a long title.
        "<style>.g{display:grid;"
        "grid-template-columns:repeat(auto-fit,minmax(200px,1fr))}.t{overflow-x:auto}img{max-width:100%}</style>"
        "<div class=g><p>Vraag uw paspoort op tijd aan. Vraag uw paspoort op tijd aan. Vraag uw paspoort op tijd "
        "aan. Vraag uw paspoort op tijd aan. Vraag uw paspoort op tijd aan. </p><p>twee</p></div><div class=t>"
        "<table><tr><td>kolomkolomkolom</td><td>kolomkolomkolom</td><td>kolomkolomkolom</td><td>"
        "kolomkolomkolom</td><td>kolomkolomkolom</td><td>kolomkolomkolom</td></table></div><p "
        'style="white-space:nowrap;overflow:hidden;text-overflow:ellipsis;width:200px">Een lange titel van een '
        'nieuwsbericht die niet past</p><span style="position:absolute;width:1px;height:1px;overflow:hidden;'
        'clip:rect(0 0 0 0)">verborgen tekst hier</span>'
    ),
    "/offcanvas": (  # A menu beside the screen, hidden until it is asked for.
        "<style>nav.m{position:fixed;top:0;left:0;width:260px;transform:translateX(-100%);visibility:hidden;"
        "background:#fff}nav.m.o{transform:none;visibility:visible}</style><button id=b aria-expanded=false>"
        "Menu</button><nav class=m id=n><a href=#1>Een</a><a href=#2>Twee</a></nav><p>Tekst</p><script>"
        "b.onclick=()=>{n.classList.toggle('o');"
        "b.setAttribute('aria-expanded',n.classList.contains('o'))}</script>"
    ),
    "/dropdownmenu": (  # A menu that opens at pointer and focus.
        "<style>ul ul{display:none;position:absolute;background:#fff}li:hover>ul,li:focus-within>"
        "ul{display:block}</style><ul><li><a href=#a>Onderwerpen</a><ul><li><a href=#b>Afval</a></li></ul></li>"
        "</ul>"
    ),
    "/analytics": (  # Scripts that count keys and clicks.
        "<p>Tekst <span class=x>woord</span></p><script>document.addEventListener('click',e=>"
        "fetch('/t',{method:'POST'}));document.addEventListener('keydown',()=>fetch('/t',{method:'POST'}));"
        "document.querySelector('.x').addEventListener('click',()=>navigator.sendBeacon('/t'))</script><a href=#>"
        "x</a>"
    ),
    "/reactroot": (  # A framework that listens on its root.
        "<div id=root><h1>x</h1><a href=#>l</a><button>b</button><p>t</p></div><script>"
        "root.addEventListener('click',e=>{if(e.target.localName=='button')document.title='x'});"
        "document.querySelector('p').onclick=function noop(){}</script>"
    ),
}
SENDS = {
    "/post": "<form method=post novalidate><label>Naam <input required></label><button>Verder</button></form>",
    "/script": "<form onsubmit=\"fetch('/a', {method: 'POST'}); return false\"><label>Naam* <input></label><button>OK</button>",
    "/get": "<form action=/sent><label>Naam* <input name=n></label><label>Straat <input></label><button>Verder</button></form>",
}


class Asleep:
    """What the probes that touch build on: the shared page lies ready in every document."""

    name = "asleep"
    sources = sources()
    deadline_s = 5.0
    touches = False
    watches = False

    async def gather(self, page: World) -> Evidence:
        return Evidence(self.name, complete=True, data={})


def touched(site: Served, browser: BrowserFile, paths: list[str]) -> dict[str, PageSnapshot]:
    probes = [Asleep(), *(probe for probe in touching_probes() if not probe.watches)]

    async def run() -> dict[str, PageSnapshot]:
        guard = AddressGuard.for_origins((site.url,))
        async with driver() as playwright, Visitor(playwright, browser, guard, probes, "test", load_timeout_s=5.0) as visitor:
            return {path: await visitor.visit(site.url + path, touch=True) for path in paths}

    return asyncio.run(run())


def verdicts(snapshot: PageSnapshot) -> list[tuple[str, Outcome, str]]:
    return [
        (verdict.rule, verdict.outcome, verdict.element["html"])
        for topic in topics().values()
        if topic.probe in snapshot.evidence
        for document in documents_of(topic, snapshot) or ()
        for verdict in topic.judge(document)
    ]


@pytest.fixture(scope="module")
def innocent(browser: BrowserFile) -> dict[str, PageSnapshot]:
    with serve({path: page(body) for path, body in INNOCENT.items()}) as site:
        return touched(site, browser, list(INNOCENT))


@pytest.mark.parametrize("path", INNOCENT)
def test_what_is_made_well_is_accused_of_nothing(innocent: dict[str, PageSnapshot], path: str) -> None:
    snapshot = innocent[path]
    assert {name for name, evidence in snapshot.evidence.items() if not evidence.complete} == set()
    assert [verdict for verdict in verdicts(snapshot) if verdict[1] is Outcome.FAILED] == []


def test_forms_are_sent_empty_and_nothing_leaves(browser: BrowserFile) -> None:
    with serve({path: page(body) for path, body in SENDS.items()}) as site:
        touched(site, browser, list(SENDS))
        assert {method for method, _ in site.asked} == {"GET"}
        assert site.times_asked("/sent") == 0
        assert not any(path.startswith("/sent") for _, path in site.asked)
