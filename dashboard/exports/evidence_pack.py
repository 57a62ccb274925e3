"""The evidence of an evaluation as one ZIP: reports, decisions, files, what machines found, and a manifest that chains packs.

The manifest lists every file with its SHA-256 and names the manifest of the pack before it, so that a changed byte, a file that
was added or taken away, and a pack that was left out are all found. Reading trusts nothing: names stay inside, sizes are bounded.
"""

from __future__ import annotations

import hashlib
import json
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

FORMAT = "vierluik-evidence-1"
MANIFEST = "manifest.json"
MOST_FILES = 5_000
MOST_BYTES = 2_000_000_000
MOST_TIMES_LARGER = 300  # than it is packed: above that it is a bomb
MOST_MANIFEST = 5_000_000
AT_ONCE = 1 << 20
NAME = re.compile(r"[\w.()+@ -]+(?:/[\w.()+@ -]+)*")
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError)
PACKED_ALREADY = (".gz", ".jpg", ".png", ".zip", ".xlsx", ".pdf")
EARLIEST = (1980, 1, 1, 0, 0, 0)


class PackError(ValueError):
    """The file is no evidence pack, or not one that may be opened; the sentence says why."""


@dataclass
class PackVerdict:
    """What a look at a pack says."""

    manifest: dict[str, Any]
    manifest_sha256: str
    files: int = 0
    differences: list[str] = field(default_factory=list)  # sentences; none: it is as it was made


def write_pack(
    out: BinaryIO, files: Iterable[tuple[str, bytes]], about: Mapping[str, Any], previous: str, made_at: datetime
) -> tuple[int, str]:
    """Write the ZIP, file by file as they come; gives how many, and the SHA-256 of its manifest, which stands last.

    `previous`: that of the pack before it; empty for the first. Raises PackError where it would be too large to be opened again.
    """
    listed: list[dict[str, Any]] = []
    left = MOST_BYTES - MOST_MANIFEST
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for path, content in files:
            left -= len(content)
            if left < 0 or len(listed) >= MOST_FILES - 1:
                raise PackError(
                    f"The evidence is more than {MOST_BYTES // 1_000_000_000} GB or {MOST_FILES} files. Make the sample smaller."
                )
            listed.append({"path": path, "sha256": _sha256(content), "bytes": len(content)})
            pack.writestr(zipfile.ZipInfo(path, EARLIEST), content, _packing(path, content))
        listed.sort(key=lambda one: str(one["path"]))
        manifest = {"format": FORMAT, "made_at": made_at.isoformat(), "previous": previous, **about, "files": listed}
        body = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
        pack.writestr(zipfile.ZipInfo(MANIFEST, EARLIEST), body, zipfile.ZIP_DEFLATED)
    return len(listed), _sha256(body)


def _packing(path: str, content: bytes) -> int:
    """Stored as it is where packing gains nothing, or so much that a reader would take it for a bomb."""
    if path.endswith(PACKED_ALREADY) or len(content) > MOST_TIMES_LARGER // 2 * max(len(zlib.compress(content)), 1_000):
        return zipfile.ZIP_STORED
    return zipfile.ZIP_DEFLATED


def read_files(file: Path, beginning: str, most: int) -> Iterator[tuple[str, bytes]]:
    """The files of a pack whose names begin so, one after the other; none longer than `most` bytes. Raises PackError."""
    try:
        with file.open("rb") as raw, zipfile.ZipFile(raw) as pack:
            for path, info in sorted(_members(pack).items()):
                if path.startswith(beginning):
                    yield path, b"".join(_content(pack, info, most))
    except (*DAMAGED, NotImplementedError, RuntimeError, OSError) as error:
        raise PackError(f"{file} cannot be opened as a pack: {error}.") from error


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def check_pack(file: Path, *, previous: str = "", known: str = "") -> PackVerdict:
    """Look whether a pack is as it was made. Raises PackError where it may not be opened.

    `previous`: the hash of the manifest before it, where that pack is at hand. `known`: its own, where it was written down.
    """
    try:
        with file.open("rb") as raw, zipfile.ZipFile(raw) as pack:
            members = _members(pack)
            body = b"".join(_content(pack, members[MANIFEST], MOST_MANIFEST)) if MANIFEST in members else b""
            manifest = _manifest(body)
            verdict = PackVerdict(manifest, _sha256(body))
            _check_chain(verdict, previous, known)
            listed = {str(one["path"]): one for one in manifest["files"]}
            verdict.files = len(listed)
            _check_files(pack, members, listed, verdict)
    except (*DAMAGED, NotImplementedError, RuntimeError, OSError) as error:
        raise PackError(f"{file} cannot be opened as a pack: {error}.") from error
    return verdict


def manifest_hash(file: Path) -> str:
    """The hash of a pack's manifest, by which the next pack knows it. Raises PackError."""
    return check_pack(file).manifest_sha256


def _check_chain(verdict: PackVerdict, previous: str, known: str) -> None:
    if previous and verdict.manifest.get("previous") != previous:
        verdict.differences.append("It does not follow on the pack that was given as the previous one.")
    if known and verdict.manifest_sha256 != known:
        verdict.differences.append(f"{MANIFEST}: it is not the manifest that was written down when the pack was made.")


def _check_files(
    pack: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], listed: dict[str, dict[str, Any]], verdict: PackVerdict
) -> None:
    left = MOST_BYTES
    for path in sorted(members.keys() - {MANIFEST} - listed.keys()):
        verdict.differences.append(f"{path}: it is in the pack and not in the manifest.")
    for path, one in listed.items():
        if path not in members:
            verdict.differences.append(f"{path}: the manifest lists it, and it is not in the pack.")
            continue
        digest, size = hashlib.sha256(), 0
        try:
            for part in _content(pack, members[path], left):
                digest.update(part)
                size += len(part)
        except DAMAGED:
            verdict.differences.append(f"{path}: it is damaged.")
            continue
        left -= size
        if (digest.hexdigest(), size) != (one.get("sha256"), one.get("bytes")):
            verdict.differences.append(f"{path}: its content is not what the manifest says.")


def _members(pack: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = pack.infolist()
    if len(infos) > MOST_FILES:
        raise PackError(f"The pack holds {len(infos)} files; one of Vierluik has at most {MOST_FILES}.")
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = info.filename
        parts = name.split("/")
        if not NAME.fullmatch(name) or ".." in parts or "." in parts:
            raise PackError(
                f"The pack holds a file with the name {name[:100]!r}, which could land outside it. It was not opened."
            )
        if stat.S_ISLNK(info.external_attr >> 16):
            raise PackError(f"The pack holds a link, {name[:100]!r}. It was not opened.")
        if name in members:
            raise PackError(f"The pack holds {name[:100]!r} twice. It was not opened.")
        if info.file_size > MOST_TIMES_LARGER * max(info.compress_size, 1_000):
            raise PackError(f"{name[:100]!r} would unpack to {info.file_size} bytes: the pack is a bomb. It was not opened.")
        members[name] = info
    if sum(info.file_size for info in infos) > MOST_BYTES:
        raise PackError(f"The pack would unpack to more than {MOST_BYTES // 1_000_000_000} GB. It was not opened.")
    return members


def _content(pack: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> Iterator[bytes]:
    """The content in parts; what its header says of its size is not believed."""
    read = 0
    with pack.open(info) as stream:
        source: BinaryIO = stream  # type: ignore[assignment]
        while part := source.read(AT_ONCE):
            read += len(part)
            if read > most:
                raise PackError(f"{info.filename[:100]!r} is larger than it says: the pack is a bomb. It was not read on.")
            yield part


def _manifest(body: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(body)
    except (ValueError, RecursionError):
        manifest = None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT or not isinstance(manifest.get("files"), list):
        raise PackError("The file is no evidence pack of Vierluik: it has no manifest. Make one with: vierluik export evidence")
    if not all(isinstance(one, dict) and isinstance(one.get("path"), str) for one in manifest["files"]):
        raise PackError("The manifest of the pack is damaged: its list of files cannot be read.")
    return manifest
