"""Whether an answer of 200 is really a "not found": it says so itself, or it is what the host shows for a made-up address.

That every address shows the same is no proof: a page that scripts fill has one source for all addresses. So a likeness alone
is not judged.
"""

from __future__ import annotations

import re

from rules.observation import Shown

# A title or heading that is a "not found" notice; not one in which the words merely occur ("Portemonnee niet gevonden? …").
SAYS_SO = re.compile(
    r"""^\W*(?:(?:oeps|helaas|sorry|let\ op|fout(?:melding)?|error|foutcode|http)\W+)*
    (?:(?:error|fout(?:melding|code)?|http)\W*404\b
    |404\W*(?:$|[|\-–—:·•])
    |(?:404\W+)?(?:(?:de(?:ze)?|the|this)\s+)?(?:opgevraagde\s+|gevraagde\s+|requested\s+)?(?:web)?(?:pagina|page|url|bestand|document)
      (?:\s+(?:is|kan|kon|could|can|was|werd|die\s+u\s+zoekt|you\s+requested))?(?:\s+(?:helaas|be))?
      \s*(?:niet\s+(?:worden\s+)?gevonden|niet\s+beschikbaar(?!\s+in\b)|bestaat\s+(?:helaas\s+)?niet(?:\s+meer)?
      |not\s+(?:be\s+)?found|(?:does\s+not|doesn['’]t|no\s+longer)\s+exists?)(?!\s*\?)
    |(?:404\W+)?(?:niet\s+gevonden|not\s+found)\s*(?:$|[|\-–—:·•]))""",
    re.IGNORECASE | re.VERBOSE,
)
ENDS_SO = re.compile(r"[|\-–—:·•]\s*(?:(?:pagina\s+)?niet\s+gevonden|(?:page\s+)?not\s+found|404)\W*$", re.IGNORECASE)
ALIKE = 0.9  # share of words in common


def is_soft_404(shown: Shown) -> bool:
    """Whether what an address shows with status 200 is the host's way of saying that there is nothing."""
    if any(SAYS_SO.search(text) or ENDS_SO.search(text) for text in (shown.title, shown.heading)):
        return True
    return shown.same_end and shown.likeness >= ALIKE
