"""On a large page texts that look alike are measured once, and what is told of the page stays the same."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from sites.hostile import page, serve

from checks.accessibility.engines.axe.mapping import options_for
from checks.accessibility.engines.axe.probe import RUN, axe_asleep
from crawler.browser import BrowserFile, launch_arguments
from crawler.visit import driver
from rules.norm import norms

pytestmark = [pytest.mark.slow]

ROWS = 1500
STYLES = """<style>
  .grey { color: #bbb } .box { position: relative; height: 2em } .box p { margin: 0; position: relative }
  .box .behind { position: absolute; inset: 0; background: #222 } .row:nth-child(3n) { color: #ccc }
  .card p { color: #fff } .card.blue { background: #003 } .card.pale { background: #eef }
</style>"""
TEXTS = "".join(
    [
        "".join(f"<p>Gewone regel {number}</p><br>" for number in range(ROWS)),
        "<div>" + "".join(f'<p class="row" id="row{number}">Regel {number}</p>' for number in range(9)) + "</div>",
        '<p id="own" style="color:#ddd">Een regel met een eigen kleur</p>',
        "".join(f'<p class="grey" id="grey{number}">Grijs {number}</p>' for number in range(6)),
        "".join('<div class="box"><span></span><p>Donkere letters</p></div>' for _ in range(4)),
        '<div class="box"><span class="behind"></span><p id="over">Donkere letters</p></div>',
        "".join('<div class="card blue"><p>Wit op blauw</p></div>' for _ in range(5)),
        '<div class="card pale"><p id="pale">Wit op bleek</p></div>',
        '<div class="card blue" style="background:#eee"><p id="inline">Wit op bijna wit</p></div>',
        '<div id="host"></div>',
    ]
)
SHADOW = """<script>document.querySelector("#host").attachShadow({mode: "open"}).innerHTML =
  "<p>Regel</p>".repeat(50) + "<p id=inner style=color:#ccc>Bleke regel</p>"</script>"""
FAILING = {
    *(f"#row{number}" for number in range(9) if number % 3 == 2),
    "#own",
    *(f"#grey{number}" for number in range(6)),
    "#over",
    "#pale",
    "#inline",
    "#host/#inner",
}
COUNT = """wakeAxe(); globalThis.measured = 0; const check = axe._audit.checks["color-contrast"]; const original = check.evaluate;
  check.evaluate = function (...given) { measured += 1; return original.apply(this, given); }"""


@pytest.fixture(scope="module")
def looks(browser: BrowserFile) -> dict[str, dict[str, Any]]:
    """The page as the probe looks at it, and with every text measured."""
    options = json.dumps(options_for(norms()["en301549-3.2.1"]))
    every = RUN.replace("fewestForGroups = 3000", "fewestForGroups = 1e9")
    assert every != RUN

    async def look() -> dict[str, dict[str, Any]]:
        with serve({"/": page(TEXTS + SHADOW, head=STYLES)}) as site:
            async with driver() as playwright:
                chromium = await playwright.chromium.launch(executable_path=browser.path, args=launch_arguments())
                told = {}
                for name, run in (("grouped", RUN), ("every", every)):
                    tab = await chromium.new_page()
                    await tab.goto(f"{site.url}/")
                    answer = f"({{...JSON.parse(await vierluikAxe.whole({options})), measured}})"
                    told[name] = await tab.evaluate(f"async () => {{ {axe_asleep()}; {COUNT}; {run}; return {answer}; }}")
                await chromium.close()
                return told

    return asyncio.run(look())


def failing(look: dict[str, Any]) -> set[str]:
    found = (one for one in look["result"]["findings"] if (one["rule"], one["list"]) == ("color-contrast", "violations"))
    targets = [node["target"][0] for one in found for node in one["nodes"]]
    return {target if isinstance(target, str) else "/".join(target) for target in targets}


def test_every_text_that_fails_is_told(looks: dict[str, dict[str, Any]]) -> None:
    assert failing(looks["every"]) == FAILING
    assert failing(looks["grouped"]) == FAILING


def test_texts_that_look_alike_are_measured_twice_at_most(looks: dict[str, dict[str, Any]]) -> None:
    assert looks["every"]["measured"] > ROWS
    assert looks["grouped"]["measured"] < 60
