"""Files that are made to break their reader: each is judged, or untested with its reason, within its limits."""

from __future__ import annotations

import io
import os
import signal
import time
import zipfile
import zlib
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from document_files import file_of, rewritten
from pikepdf import Array, Dictionary, Name

from checks.documents.judge_files import answer
from checks.documents.limits import Limits, Stopped, in_child
from rules.document import DocumentResult, from_json
from rules.outcome import Outcome
from rules.task import PageStatus

LIMITS = Limits(seconds=20, memory=1_000_000_000)
NORM = "en301549-3.2.1"


@pytest.fixture
def judge(tmp_path: Path):  # type: ignore[no-untyped-def]
    def judged(data: bytes, limits: Limits = LIMITS) -> DocumentResult:
        file = tmp_path / "bestand"
        file.write_bytes(data)
        return from_json(answer(file, "https://voorbeeld.nl/a", NORM, limits))

    return judged


def saved(pdf: pikepdf.Pdf) -> bytes:
    data = io.BytesIO()
    pdf.save(data)
    return data.getvalue()


def sound() -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(file_of('content = [{ H1 = "Afval" }, { P = "Op maandag halen wij het papier op." }]')))


def test_a_sound_file_is_judged_in_the_child(judge) -> None:  # type: ignore[no-untyped-def]
    result = judge(file_of(""))
    assert result.status is PageStatus.TESTED
    assert result.facts is not None
    assert result.facts.pages == 1
    assert result.outcomes["document-tagged"] is Outcome.PASSED


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(range(256)) * 400, b"PK\x03\x04" + b"\0" * 400])
def test_what_is_no_document_is_untested(judge, data: bytes) -> None:  # type: ignore[no-untyped-def]
    result = judge(data)
    assert result.status is PageStatus.UNTESTED
    assert result.reason in ("not-a-document", "document-damaged")


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_a_pdf_without_its_end_is_untested(judge, part: float) -> None:  # type: ignore[no-untyped-def]
    data = file_of('content = [{ H1 = "Afval" }, { P = "Op maandag halen wij het papier op.", times = 60 }]')
    result = judge(data[: int(len(data) * part)])
    assert result.status is PageStatus.UNTESTED
    assert result.reason in ("document-damaged", "document-cut-off")
    assert not result.findings


def test_a_pdf_whose_table_of_objects_is_elsewhere_is_judged_as_readers_do(judge) -> None:  # type: ignore[no-untyped-def]
    data = file_of("")
    where = data.rindex(b"startxref")
    result = judge(data[:where] + b"startxref\n1\n%%EOF\n")
    assert result.status is PageStatus.TESTED


def test_a_file_that_asks_a_password_is_untested(judge) -> None:  # type: ignore[no-untyped-def]
    result = judge(file_of('password = "geheim"'))
    assert (result.status, result.reason) == (PageStatus.UNTESTED, "document-needs-password")


def test_a_file_that_only_its_owner_may_change_is_judged(judge) -> None:  # type: ignore[no-untyped-def]
    result = judge(file_of('permissions = "no-copying"'))
    assert result.status is PageStatus.TESTED
    assert result.outcomes["document-permissions"] is Outcome.PASSED


def test_two_thousand_pages_are_judged(judge) -> None:  # type: ignore[no-untyped-def]
    with sound() as pdf:
        for _ in range(1_999):
            pdf.pages.append(pdf.pages[0])
        result = judge(saved(pdf), Limits(seconds=120))
    assert result.status is PageStatus.TESTED
    assert result.facts is not None
    assert result.facts.pages == 2_000
    assert result.facts.words == 16_000
    assert result.outcomes["document-bookmarks"] is Outcome.CANNOT_TELL


def test_a_structure_that_holds_itself_ends(judge) -> None:  # type: ignore[no-untyped-def]
    with sound() as pdf:
        root = pdf.Root.StructTreeRoot
        element = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Sect, P=root))
        element["/K"] = Array([element, root, element])
        root["/K"] = Array([element, *root["/K"]])
        root["/RoleMap"] = Dictionary(Kop=Name.Titel, Titel=Name.Kop)
        result = judge(saved(pdf))
    assert result.status is PageStatus.TESTED or result.reason == "document-broke-reader"


def test_a_deep_structure_ends(judge) -> None:  # type: ignore[no-untyped-def]
    with sound() as pdf:
        root = pdf.Root.StructTreeRoot
        inner = root
        for _ in range(20_000):
            element = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Div, P=inner))
            inner["/K"] = element
            inner = element
        result = judge(saved(pdf))
    assert result.status is PageStatus.TESTED or result.reason in ("document-broke-reader", "document-too-heavy")


def test_a_field_that_is_its_own_parent_ends(judge) -> None:  # type: ignore[no-untyped-def]
    with sound() as pdf:
        widget = pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, Rect=Array([0, 0, 9, 9])))
        widget["/Parent"] = widget
        pdf.pages[0].obj["/Annots"] = Array([widget])
        pdf.Root["/AcroForm"] = Dictionary(Fields=Array([widget]))
        result = judge(saved(pdf))
    assert result.status is PageStatus.TESTED
    assert result.outcomes["document-field-name"] is Outcome.FAILED


def test_pages_that_hold_one_another_end(judge) -> None:  # type: ignore[no-untyped-def]
    data = file_of("")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        tree = pdf.Root.Pages
        tree["/Kids"] = Array([tree, *tree["/Kids"]])
        broken = saved(pdf)
    result = judge(broken)
    assert result.status is PageStatus.TESTED or result.reason in ("document-damaged", "document-broke-reader")


@cache
def bomb(size: int) -> bytes:
    """Many bytes of one letter, packed into few."""
    packer = zlib.compressobj(1)
    block = b" " * 1_000_000
    return b"".join([*(packer.compress(block) for _ in range(size // 1_000_000)), packer.flush()])


@pytest.mark.parametrize("where", ["content", "metadata", "form", "image"])
def test_a_pdf_bomb_goes_off_in_the_child(judge, where: str) -> None:  # type: ignore[no-untyped-def]
    with sound() as pdf:
        stream = pikepdf.Stream(pdf, b"")
        stream.write(bomb(1_500_000_000), filter=Name.FlateDecode)
        if where == "content":
            pdf.pages[0].obj["/Contents"] = pdf.make_indirect(stream)
        elif where == "metadata":
            stream.update(Dictionary(Type=Name.Metadata, Subtype=Name.XML))
            pdf.Root["/Metadata"] = pdf.make_indirect(stream)
        else:
            kind = Name.Form if where == "form" else Name.Image
            stream.update(Dictionary(Type=Name.XObject, Subtype=kind, BBox=Array([0, 0, 9, 9]), Width=60_000, Height=50_000))
            stream.update(Dictionary(ColorSpace=Name.DeviceGray, BitsPerComponent=8))
            pdf.pages[0].obj["/Resources"] = Dictionary(XObject=Dictionary(Bom=pdf.make_indirect(stream)))
            pdf.pages[0].obj["/Contents"] = pdf.make_indirect(pikepdf.Stream(pdf, b"/Bom Do"))
        data = io.BytesIO()
        pdf.save(data, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    result = judge(data.getvalue(), Limits(seconds=20, memory=500_000_000))
    assert result.status is PageStatus.TESTED or result.reason in (
        "document-too-heavy",
        "document-too-slow",
        "document-broke-reader",
    )


def zip_bomb(part: bytes, size: int) -> bytes:
    """A Word file of which the text is very large."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as stream:
            for _ in range(size // len(part)):
                stream.write(part)
    return data.getvalue()


def test_a_zip_bomb_is_not_unpacked(judge) -> None:  # type: ignore[no-untyped-def]
    result = judge(zip_bomb(b"<a/>" * 250_000, 300_000_000))
    assert (result.status, result.reason) == (PageStatus.UNTESTED, "document-too-heavy")


def test_a_zip_file_that_lies_about_its_size_is_not_unpacked(judge) -> None:  # type: ignore[no-untyped-def]
    data = zip_bomb(b" " * 1_000_000, 200_000_000)
    lying = data.replace((200_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    result = judge(lying)
    assert result.status is PageStatus.UNTESTED
    assert result.reason in ("document-too-heavy", "document-damaged")


def test_entities_are_not_expanded(judge) -> None:  # type: ignore[no-untyped-def]
    laughs = "".join(
        f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "ha"}{("&l" + str(n - 1) + ";") * 9 if n else ""}">'
        for n in range(12)
    )
    text = f'<!DOCTYPE d [{laughs}<!ENTITY file SYSTEM "file:///etc/hostname">]><d>&l11;&file;</d>'.encode()
    data = rewritten(file_of('kind = "docx"'), lambda name, part: text if name == "word/document.xml" else part)
    result = judge(data)
    assert result.status is PageStatus.TESTED or result.reason in ("document-damaged", "document-too-heavy")
    assert result.facts is None or result.facts.words == 0


def test_an_old_or_protected_office_file_is_untested(judge) -> None:  # type: ignore[no-untyped-def]
    result = judge(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600)
    assert (result.status, result.reason) == (PageStatus.UNTESTED, "document-kind-not-judged")


# --- the limits themselves -------------------------------------------------------------------------------------------


def endless() -> bytes:
    while True:
        pass


def asleep() -> bytes:
    time.sleep(60)
    return b""


def hungry() -> bytes:
    kept = [bytes(50_000_000) for _ in range(60)]
    return bytes(len(kept))


@pytest.mark.parametrize(
    ("work", "reason"),
    [
        (endless, "document-too-slow"),
        (asleep, "document-too-slow"),
        (hungry, "document-too-heavy"),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "document-too-heavy"),
        (lambda: bytes(40_000_000), "document-too-heavy"),
        (lambda: (_ for _ in ()).throw(ValueError("strange")), "document-broke-reader"),
    ],
)
def test_a_child_that_goes_too_far_is_stopped(work, reason: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Stopped) as stopped:
        in_child(work, Limits(seconds=2, memory=500_000_000))
    assert stopped.value.reason == reason


def test_what_a_child_gives_comes_over_whole() -> None:
    assert in_child(lambda: b"ab" * 1_000_000, Limits()) == b"ab" * 1_000_000


def test_a_child_writes_no_file(tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        in_child(lambda: bytes([tmp_path.joinpath("a").write_bytes(b"x" * 10_000)]), Limits())
