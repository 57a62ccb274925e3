"""Try what failed once more, by itself: `python tests/again.py`. What fails twice has failed; what passes now is named too.

Many tests watch a real browser, a server or a killed process while others do so too; on a busy machine one may come too late.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

LAST_FAILED = Path(".pytest_cache/v/cache/lastfailed")
GROUP = re.compile(r"@[\w-]+$")  # of pytest-xdist, behind the name of a test
MOST = 10  # more than that is no chance

if __name__ == "__main__":
    failed = sorted(GROUP.sub("", name) for name in json.loads(LAST_FAILED.read_text())) if LAST_FAILED.exists() else []
    if not 0 < len(failed) <= MOST:
        sys.exit(1)
    print("Once more, by themselves:", *failed, sep="\n  ", flush=True)
    sys.exit(pytest.main(failed))
