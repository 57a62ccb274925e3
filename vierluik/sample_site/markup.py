"""The few marks our content files use, turned into HTML: headings, lists, tables, links, bold words, HTML blocks."""

import re
from collections.abc import Callable, Iterator

_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_NUMBERED = re.compile(r"\d+\. ")


def to_html(text: str, document_note: Callable[[str], str]) -> str:
    """Turn a content text into HTML; blocks are separated by empty lines.

    The text is ours and may hold HTML, so nothing is escaped. `document_note` gives the words behind a link to a PDF,
    such as "(pdf, 12 kB)".
    """
    blocks = (block.strip() for block in re.split(r"\n\s*\n", text))
    return "\n".join(_block(block, document_note) for block in blocks if block)


def to_words(html: str) -> str:
    """The text of a piece of HTML on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def anchor(heading: str) -> str:
    """The id of a heading: its words in lower case, joined by hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", heading.lower()))


def _block(block: str, document_note: Callable[[str], str]) -> str:
    if block.startswith("<"):
        return _inline(block, document_note)
    if block.startswith("### "):
        return f"<h3>{_inline(block[4:], document_note)}</h3>"
    if block.startswith("## "):
        return f'<h2 id="{anchor(block[3:])}">{_inline(block[3:], document_note)}</h2>'
    lines = block.splitlines()
    if block.startswith("- "):
        return _list("ul", (line[2:] for line in lines), document_note)
    if _NUMBERED.match(block):
        return _list("ol", (_NUMBERED.sub("", line, count=1) for line in lines), document_note)
    if block.startswith("|"):
        return _table(lines, document_note)
    return f"<p>{_inline(' '.join(lines), document_note)}</p>"


def _list(tag: str, items: Iterator[str], document_note: Callable[[str], str]) -> str:
    rows = "".join(f"<li>{_inline(item, document_note)}</li>" for item in items)
    return f"<{tag}>{rows}</{tag}>"


def _table(lines: list[str], document_note: Callable[[str], str]) -> str:
    """A table; its first line holds the headings of the columns."""
    rows = [[_inline(cell.strip(), document_note) for cell in line.strip("|").split("|")] for line in lines]
    head = "".join(f'<th scope="col">{cell}</th>' for cell in rows[0])
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows[1:])
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _inline(text: str, document_note: Callable[[str], str]) -> str:
    def link(match: re.Match[str]) -> str:
        words, address = match.groups()
        note = f" {document_note(address)}" if address.endswith(".pdf") else ""
        return f'<a href="{address}">{words}{note}</a>'

    return _BOLD.sub(r"<strong>\1</strong>", _LINK.sub(link, text))
