"""An evidence pack is as it was made, or the difference is named; a hostile one is not opened."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.exports.evidence_pack import MANIFEST, PackError, check_pack, write_pack

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FILES = {"report/html.html": b"<h1>Rapport</h1>" * 50, "evidence/1-foto.png": bytes(range(256)), "decisions.json": b"[]"}


def made(about: dict[str, str], previous: str) -> tuple[bytes, str]:
    out = io.BytesIO()
    count, digest = write_pack(out, FILES.items(), about, previous, NOW)
    assert count == len(FILES)
    return out.getvalue(), digest


PACK, DIGEST = made({"site": "Voorbeeldstad"}, "")


def packed(tmp_path: Path, body: bytes, name: str = "pack.zip") -> Path:
    file = tmp_path / name
    file.write_bytes(body)
    return file


def with_members(*members: tuple[zipfile.ZipInfo | str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in members:
            pack.writestr(name, content)
    return out.getvalue()


def changed(**files: bytes | None) -> bytes:
    """The pack with other content in its files, and its manifest as it was; None takes one out."""
    with zipfile.ZipFile(io.BytesIO(PACK)) as pack:
        content: dict[str, bytes | None] = {name: pack.read(name) for name in pack.namelist()}
    content |= {name.replace("__", "/").replace("_", "."): body for name, body in files.items()}
    return with_members(*((name, body) for name, body in content.items() if body is not None))


def test_a_pack_is_as_it_was_made_and_the_same_things_give_the_same_pack(tmp_path: Path) -> None:
    verdict = check_pack(packed(tmp_path, PACK))
    assert (verdict.differences, verdict.files, verdict.manifest_sha256) == ([], 3, DIGEST)
    assert made({"site": "Voorbeeldstad"}, "") == (PACK, DIGEST)


def test_packs_are_chained(tmp_path: Path) -> None:
    second, _ = made({}, DIGEST)
    assert check_pack(packed(tmp_path, second), previous=DIGEST).differences == []
    assert "does not follow" in check_pack(packed(tmp_path, second), previous="0" * 64).differences[0]
    assert "not the manifest" in check_pack(packed(tmp_path, second), known=DIGEST).differences[0]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (changed(report__html_html=b"<h1>Beter</h1>"), "report/html.html: its content is not"),
        (changed(decisions_json=None), "decisions.json: the manifest lists it"),
        (changed(extra_txt=b"x"), "extra.txt: it is in the pack and not in the manifest"),
    ],
)
def test_what_was_changed_added_or_taken_away_is_named(tmp_path: Path, body: bytes, sentence: str) -> None:
    assert sentence in " ".join(check_pack(packed(tmp_path, body)).differences)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(PACK) - 1), st.integers(1, 255))
def test_one_changed_byte_is_found(tmp_path_factory: pytest.TempPathFactory, place: int, by: int) -> None:
    body = bytearray(PACK)
    body[place] ^= by
    file = packed(tmp_path_factory.mktemp("byte"), bytes(body))
    try:
        verdict = check_pack(file, known=DIGEST)
    except PackError:
        return
    with zipfile.ZipFile(file) as pack:
        contents = {name: pack.read(name) for name in pack.namelist() if name != MANIFEST} if not verdict.differences else {}
    # A byte that is no part of any content, such as a date of the ZIP itself, changes nothing that the pack says.
    assert verdict.differences or contents == FILES


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "cannot be opened"),
        (b"PK\x03\x04 nothing", "cannot be opened"),
        (with_members(("a.txt", b"x")), "no evidence pack"),
        (with_members((MANIFEST, b"[" * 9_000)), "no evidence pack"),
        (with_members((MANIFEST, json.dumps({"format": "vierluik-evidence-1", "files": [3]}).encode())), "damaged"),
        (with_members(("../../etc/passwd", b"x")), "could land outside"),
        (with_members(("/etc/passwd", b"x")), "could land outside"),
        (with_members(("..\\x", b"x")), "could land outside"),
        (with_members(("C:/x", b"x")), "could land outside"),
        (with_members(("a/./b", b"x")), "could land outside"),
        (with_members((link("a"), b"/etc/passwd")), "holds a link"),
        (with_members(("bomb", b"\0" * 5_000_000)), "bomb"),
        (with_members(*((f"{number}", b"") for number in range(5_001))), "5001 files"),
    ],
)
def test_a_hostile_pack_is_not_opened(tmp_path: Path, body: bytes, sentence: str) -> None:
    with pytest.raises(PackError, match=sentence):
        check_pack(packed(tmp_path, body))
    assert [file.name for file in tmp_path.iterdir()] == ["pack.zip"]


def test_a_file_that_is_larger_than_it_says_is_not_read_on(tmp_path: Path) -> None:
    body = bytearray(with_members((MANIFEST, b" " * 900_000)))
    size = (900_000).to_bytes(4, "little")
    while size in body:
        body[body.index(size) : body.index(size) + 4] = (10).to_bytes(4, "little")
    with pytest.raises(PackError):
        check_pack(packed(tmp_path, bytes(body)))
