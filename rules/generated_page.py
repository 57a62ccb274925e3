"""Pages of `docs/` that are made of the code: written anew, or compared with what the code says now."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def write_or_check(pages: Mapping[str, str], module: str, arguments: Sequence[str], folder: Path = DOCS) -> int:
    """Write pages by file name; with --check only say which are not current. Gives the exit code: 0, or 1 where one is not."""
    if list(arguments) not in ([], ["--check"]):
        sys.stderr.write(f"Write: python -m {module} [--check]\n")
        return 2
    code = 0
    for name, text in pages.items():
        file = folder / name
        current = file.read_text(encoding="utf-8") if file.exists() else ""
        if current == text:
            continue
        if arguments:
            sys.stderr.write(f"docs/{name} is not current. Refresh it with: python -m {module}\n")
            code = 1
        else:
            folder.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    return code


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table in Markdown; bars and line breaks in a cell are made harmless."""
    lines = [header, ["---"] * len(header), *rows]
    return ["| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in line) + " |" for line in lines]
