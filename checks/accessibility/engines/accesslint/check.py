"""AccessLint: a cheap second opinion, a quarter of axe-core's cost. It only accuses: what it passes it does not say.

Source: @accesslint/core (MIT), runAudit.
"""

from __future__ import annotations

from checks.accessibility.engines.second_opinion import SecondOpinion

ENGINE = SecondOpinion("accesslint", ("accesslint.js",), gives="AccessLint")
