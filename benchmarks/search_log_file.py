"""A combined access log of any size, as a server of a municipality writes it: `python -m benchmarks.search_log_file FILE`.

Its truth is known: how many searches, over how many distinct queries. Personal data is among the rare queries.
"""

from __future__ import annotations

import argparse
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote_plus

SEARCH_PATH = "/zoeken"
START = datetime(2026, 9, 1, tzinfo=UTC)
DAYS = 30
_WORDS = """
paspoort afval container rijbewijs verhuizen geboorteaangifte trouwen parkeren vergunning kapvergunning uitkering bijstand
wmo zorg jeugd school sport subsidie belasting woz ozb hond melding lantaarnpaal grofvuil milieustraat afspraak
openingstijden bestemmingsplan bouwen erfpacht kwijtschelding begraafplaats evenement markt standplaats taxi energie toeslag
nieuw aanvragen verlengen kosten digitaal formulier kwijt gestolen buitenland kind ouder
"""
WORDS = _WORDS.split()
PAGES = [f"/{one}/{two}" for one in WORDS[:25] for two in WORDS[25:]]
ASSETS = [f"/sites/default/files/{kind}/{number}.{end}" for number in range(40) for kind, end in (("css", "css"), ("js", "js"))]
AGENTS = [
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{number}.0.0.0 Safari/537.36"
    for number in range(110, 150)
]
HOST = "https://www.gemeente.example"


def queries(count: int, chance: random.Random) -> list[str]:
    """Distinct queries, the often asked first; one in a hundred of the rare ones holds personal data."""
    found: dict[str, None] = dict.fromkeys(WORDS)
    while len(found) < count:
        words = chance.sample(WORDS, chance.choice((2, 2, 3)))
        number = len(found)
        if number % 100 == 99:
            words.append(chance.choice((str(100_000_000 + number * 7), f"0612{number:06d}", f"bewoner{number}@mail.example")))
        elif chance.random() < 0.5:
            words.append(str(chance.randrange(1, 400)))
        found[" ".join(words)] = None
    return list(found)[:count]


def write_log(file: Path, lines: int, share: float = 0.05, distinct: int = 50_000, seed: int = 7) -> dict[str, int]:
    """Write the log; gives the number of searches and of distinct queries in it."""
    chance = random.Random(seed)
    asked = [quote_plus(one) for one in queries(distinct, chance)]
    weights = [1 / (rank + 10) for rank in range(len(asked))]
    searches, seen = 0, set()
    every_s = DAYS * 86_400 / lines
    each = -(-distinct * 10_000 // lines)
    with file.open("w", encoding="ascii", newline="\n", buffering=1 << 20) as out:
        for begin in range(0, lines, 10_000):
            size = min(10_000, lines - begin)
            drawn = iter(chance.choices(asked, weights, k=2 * size))
            every = iter(asked[(begin // 10_000) * each : (begin // 10_000 + 1) * each])  # so that all of them are asked
            dice = [chance.random() for _ in range(size)]
            for number in range(size):
                moment = START + timedelta(seconds=int((begin + number) * every_s))
                who = chance.randrange(200_000)
                address = f"10.{who >> 16}.{(who >> 8) & 255}.{who & 255}"
                target, referer = chance.choice(PAGES), f"{HOST}{chance.choice(PAGES)}"
                if dice[number] < share:
                    query = next(every, None) or next(drawn)
                    searches += 1
                    seen.add(query)
                    target = f"{SEARCH_PATH}?q={query}"
                elif dice[number] < share * 1.6:  # six in ten searches are followed by a click on a result
                    referer = f"{HOST}{SEARCH_PATH}?q={next(drawn)}"
                elif dice[number] > 0.5:
                    target = chance.choice(ASSETS)
                out.write(
                    f'{address} - - [{moment:%d/%b/%Y:%H:%M:%S} +0000] "GET {target} HTTP/1.1" 200 {5000 + who} '
                    f'"{referer}" "{AGENTS[who % 40]}"\n'
                )
    return {"searches": searches, "distinct": len(seen)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search_log_file", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--lines", type=int, default=5_000_000)
    parser.add_argument("--share", type=float, default=0.05, help="of the lines that are searches")
    arguments = parser.parse_args()
    print(write_log(arguments.file, arguments.lines, arguments.share))
