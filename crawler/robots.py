"""What a host's robots.txt allows. Source: RFC 9309 (Robots Exclusion Protocol), parsed by Protego."""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

LARGEST = 512_000  # bytes that are read; RFC 9309 asks for at least 500 KiB
PRODUCT = "vierluik"  # the product token in a User-agent line
LONGEST_DELAY_S = 10.0  # of a Crawl-delay that is honoured


@dataclass(frozen=True)
class Robots:
    """The rules of one origin."""

    rules: Protego | None  # None: everything is allowed
    fails: bool = False  # the server could not give them

    @classmethod
    def of(cls, status: int | None, body: bytes) -> Robots:
        """From the answer to /robots.txt: 4xx means no rules; a server error or no answer (None), that nothing may be asked."""
        if status == 200:
            return cls(Protego.parse(body.decode("utf-8", "replace")))
        if status is None or status >= 500:
            return cls(Protego.parse("User-agent: *\nDisallow: /"), fails=True)
        return cls(None)

    def allows(self, url: str) -> bool:
        return self.rules is None or self.rules.can_fetch(url, PRODUCT)

    @property
    def delay_s(self) -> float:
        delay = self.rules.crawl_delay(PRODUCT) if self.rules else None
        return min(float(delay or 0), LONGEST_DELAY_S)

    @property
    def sitemaps(self) -> list[str]:
        return list(self.rules.sitemaps) if self.rules else []
