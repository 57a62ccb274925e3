"""The bytes of a log, whatever it is packed in: read in large blocks, bounded in every direction, nothing ever on disk."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

import zstandard

from rules.search_log import SearchLogError, Tally

BLOCK = 1 << 20
LONGEST_HEAD = 32  # blocks
LONGEST_LINE = 1 << 16  # bytes; a longer line is no line of a log
LONGEST_TEXT = 1 << 20  # characters of a line of a table
GZIP, ZSTD, ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
BOMB_BYTES, BOMB_RATIO = 1 << 29, 500  # logs are packed ten or twenty to one
ENCODINGS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class LogStream:
    """A log as blocks of unpacked bytes; the first can be looked at before it is read."""

    def __init__(self, stream: BinaryIO, tally: Tally) -> None:
        self._stream = stream
        self._tally = tally
        self._packed = 0
        self._unpacked = 0
        self._blocks = self._unpack()
        self._head: list[bytes] = []
        self.is_digested = True  # False: who reads it takes only what counts into the digest

    def head(self) -> bytes:
        """The first blocks, up to the end of a line; they will be read again."""
        while not self._head or (b"\n" not in self._head[-1] and len(self._head) < LONGEST_HEAD):
            block = next(self._blocks, b"")
            if not block:
                break
            self._head.append(block)
        return b"".join(self._head)

    def blocks(self) -> Iterator[bytes]:
        """All blocks. Raises SearchLogError where the packing is broken off or damaged."""
        for block in chain(self._head, self._blocks):
            if self.is_digested:
                self._tally.digest.update(block)
            yield block

    def rewound(self) -> BinaryIO:
        """The file itself from its beginning, for what cannot be read in one direction."""
        self._stream.seek(0)
        return self._stream

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Lines with their numbers, without their ends; one that is too long is counted as bad."""
        number, rest, too_long = 0, b"", False
        for block in self.blocks():
            *lines, rest = (rest + block).split(b"\n")
            for line in lines:
                number += 1
                if too_long or len(line) > LONGEST_LINE:
                    self._tally.bad(number, "too-long")
                    too_long = False
                elif line:
                    yield number, line.removesuffix(b"\r")
            if len(rest) > LONGEST_LINE:
                rest, too_long = b"", True
        if too_long or len(rest) > LONGEST_LINE:
            self._tally.bad(number + 1, "too-long")
        elif rest:
            yield number + 1, rest.removesuffix(b"\r")
        self._tally.lines = number + bool(rest or too_long)

    def text_lines(self) -> Iterator[str]:
        """Lines of text with their ends, in the encoding that the first bytes tell."""
        decoder = codecs.getincrementaldecoder(encoding_of(self.head()))("replace")
        rest, too_long, number = "", False, 0
        for block in self.blocks():
            *lines, rest = (rest + decoder.decode(block)).split("\n")
            for line in lines:
                number += 1
                if too_long or len(line) > LONGEST_TEXT:
                    self._tally.bad(number, "too-long")
                yield "\n" if too_long or len(line) > LONGEST_TEXT else line + "\n"
                too_long = False
            if len(rest) > LONGEST_TEXT:
                rest, too_long = "", True
        if rest := rest + decoder.decode(b"", final=True):
            yield rest

    def _unpack(self) -> Iterator[bytes]:
        first = self._read()
        if first.startswith(GZIP):
            blocks = self._gunzip(first)
        elif first.startswith(ZSTD):
            blocks = self._unzstd(first)
        else:
            blocks = self._plain(first)
        for block in blocks:
            self._unpacked += len(block)
            if self._unpacked > BOMB_BYTES and self._unpacked > BOMB_RATIO * self._packed:
                raise SearchLogError("it unpacks to far more than a log does; unpack it yourself and look at what is in it")
            if block:
                yield block

    def _read(self) -> bytes:
        block = self._stream.read(BLOCK)
        self._packed += len(block)
        self._tally.bytes_read = self._packed
        return block

    def _plain(self, block: bytes) -> Iterator[bytes]:
        while block:
            yield block
            block = self._read()

    def _gunzip(self, data: bytes) -> Iterator[bytes]:
        """Every member of a gzip file, one after the other."""
        unpacker = zlib.decompressobj(wbits=31)
        try:
            while data or (data := self._read()):
                if unpacker.eof:
                    data = data.lstrip(b"\0")
                    if not data:
                        continue
                    unpacker = zlib.decompressobj(wbits=31)
                yield unpacker.decompress(data, BLOCK)
                data = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
        except zlib.error as error:
            raise SearchLogError("the gzip file is damaged; make it again and bring it in again") from error
        if not unpacker.eof:
            raise SearchLogError("the gzip file stops in the middle; fetch it whole and bring it in again")

    def _unzstd(self, data: bytes) -> Iterator[bytes]:
        """Every frame of a zstd file. Raises SearchLogError where the last one is not whole."""
        reader = zstandard.ZstdDecompressor(max_window_size=1 << 27)
        frame = reader.decompressobj()
        try:
            while data or (data := self._read()):
                if frame.eof:
                    frame = reader.decompressobj()
                for begin in range(0, len(data), 1 << 16):  # a little of what is packed may be much
                    part = data[begin : begin + (1 << 16)]
                    yield frame.decompress(part)
                    if frame.eof:
                        data = frame.unused_data + data[begin + (1 << 16) :]
                        break
                else:
                    data = b""
        except zstandard.ZstdError as error:
            raise SearchLogError("the zstd file is damaged; make it again and bring it in again") from error
        if not frame.eof:
            raise SearchLogError("the zstd file stops in the middle; fetch it whole and bring it in again")


def encoding_of(head: bytes) -> str:
    """The encoding by its mark; without one by what the bytes can be."""
    for mark, name in ENCODINGS:
        if head.startswith(mark):
            return name
    sample = head[:20_000]
    if sample[1::2].count(0) > len(sample) // 4:
        return "utf-16-le"
    if sample[::2].count(0) > len(sample) // 4:
        return "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
