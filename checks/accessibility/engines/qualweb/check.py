"""QualWeb's ACT rules: a few, where they were measured to add (`--engines +qualweb`).

Source: @qualweb/act-rules (ISC). Its rules on focus press and move the focus, and its page model writes attributes on every
element: the first are left out, the second is kept from the page in run.js.
"""

from __future__ import annotations

from checks.accessibility.engines.second_opinion import SecondOpinion

ENGINE = SecondOpinion("qualweb", ("qw-page.js", "util.js", "act.js"), gives="ACTRulesRunner")
