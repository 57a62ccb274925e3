"""Search logs that a browser sends: put aside for the scheduler, which reads them once and keeps nothing unmasked.

The scheduler takes the file out of its folder the moment it opens it, so that it is gone whatever becomes of the import.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True)
class Uploads:
    """What may be sent."""

    max_bytes: int = 500_000_000
    case_numbers: tuple[str, ...] = ()  # expressions for the case numbers of a municipality


def put_aside(file: BinaryIO) -> Path:
    """Copy what was sent to a file that only this user may read; gives its name. Raises OSError where the disk is full."""
    number, name = tempfile.mkstemp(prefix="vierluik-", suffix=".upload")
    try:
        with os.fdopen(number, "wb") as aside:
            shutil.copyfileobj(file, aside, 1_000_000)
    except OSError:
        Path(name).unlink()
        raise
    return Path(name)
