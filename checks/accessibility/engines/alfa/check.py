"""Alfa: a deep audit of chosen pages (`--engines +alfa`), at five times axe-core's cost.

Source: Siteimprove Alfa (MIT): alfa-dom's native reader, alfa-rules; every package at one version, bundled by the set-up.
"""

from __future__ import annotations

from checks.accessibility.engines.second_opinion import SecondOpinion

ENGINE = SecondOpinion("alfa", ("alfa.js",), gives="Alfa")
