"""What a person typed to say which page, file or site is meant."""

from __future__ import annotations

from pathlib import Path

from rules.address import host_of, origin_of, path_of, resolve, without_credentials, without_fragment
from vierluik.screen import Exit, stop

FILE_SUFFIXES = (".html", ".htm", ".xhtml", ".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp")


def target_of(text: str) -> str:
    """A file that is there becomes its file: address; all else must be a web address."""
    if text.startswith(("http://", "https://")):
        return address_of(text)
    if Path(text).is_file():
        return Path(text).resolve().as_uri()
    if text.lower().endswith(FILE_SUFFIXES) or text.startswith((".", "/")):
        raise stop(Exit.WRONG_USE, f"There is no file {text}. Give the path of a file, or an address that begins with https://")
    return address_of(text)


def address_of(text: str) -> str:
    """A web address as typed, https:// put before a bare host name."""
    address = text if "://" in text else f"https://{text}"
    found = resolve(address, address)
    if found is None:
        raise stop(Exit.WRONG_USE, f"'{text}' is no web address. Write for example: https://www.example.nl/")
    return without_fragment(without_credentials(found))


def name_of(address: str) -> str:
    """What a site is called where nobody named it: its host, with the port and the folder of the start page if any."""
    port = origin_of(address).partition("://")[2].removeprefix(host_of(address))
    return f"{host_of(address)}{port}{path_of(address).rpartition('/')[0]}"
