"""Sound and film have an alternative, and no sound starts that cannot be stopped.

Source: WCAG 2.2 SC 1.2.1, 1.2.2, 1.2.3, 1.2.4, 1.2.5, 1.4.2; EN 301 549 clauses 9.1.2.1 to 9.1.2.5, 9.1.4.2; ACT rules c5a4ea,
1ec09b, eac66b, e7aa44, c3232f, 80f0bf and the rules that these are made of; techniques G9, G69, G78, G158, G159, G170.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from checks.accessibility.wording import words
from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

AUTOPLAY = "audio-autoplay"
ALTERNATIVE = "media-alternative"
CAPTIONS = "video-captions"
LIVE = "live-captions"
RULES = (AUTOPLAY, ALTERNATIVE, CAPTIONS, LIVE)

ALLOWED_S = 3.0  # SC 1.4.2

TRANSCRIPT = re.compile(
    r"transcript|uitgeschreven|tekstversie|tekst van (de|het|deze|dit) (video|film|filmpje|podcast|geluid|audio)|text version|"
    r"text of the (video|film|audio)|audiodescriptie|audio ?description|described version|beschreven versie|"
    r"lees de tekst|read the text",
    re.IGNORECASE,
)
STOPS_SOUND = re.compile(
    r"\b(play|pauze|pauzeer|pause|stop|mute|unmute|sound|audio|volume|dempen|geluid|afspelen|speel|silence|silent)\w*",
    re.IGNORECASE,
)
TELLS_OF_FILM = re.compile(
    r"\b(video|film|filmpje|animatie|animation|clip)\w*\b.{0,40}\b(shows?|describes?|laat\b.{0,30}\bzien|toont|"
    r"vertelt|zie(n|t)|gaat over)\b|"
    r"\b(in (de|het|deze|dit|the|this) (video|film|filmpje|animatie|animation|clip))\b|transcript|uitgeschreven|tekstversie",
    re.IGNORECASE,
)
FEWEST_WORDS = 12  # of a text that may stand for a film
STARTS = re.compile(r"\b(play|afspelen|speel|beluister|luister|listen|start)\w*", re.IGNORECASE)

# Hosts of embedded players and where on them a film or sound is played.
PLAYERS = re.compile(
    r"(^|\.)(youtube(-nocookie)?\.com/(embed|v|shorts)|youtu\.be/|player\.vimeo\.com/|vimeo\.com/video|dailymotion\.com/embed|"
    r"(w|open|embed)\.(soundcloud|spotify)\.com/|soundcloud\.com/player|kaltura\.com/|player\.|video\.)",
    re.IGNORECASE,
)

# What is seen at the moment that it happens, in words, and in the address of a player.
IS_LIVE = re.compile(
    r"\b(live|live-?(stream|uitzending|verslag)\w*|rechtstreekse?)\b",
    re.IGNORECASE,
)
LIVE_ADDRESS = re.compile(r"(^|[/_.=&?-])(live|live_?-?stream\w*)(?=$|[/_.=&?-])|\.m3u8\b.*\blive\b", re.IGNORECASE)
# Councils are broadcast by a few suppliers; their addresses name neither a film nor a player.
BROADCASTERS = re.compile(
    r"companywebcast|notubiz|royalcast|webcast|raadsinformatie|raadslive|ibabs|gemeenteoplossingen|livestream\.com|dacast|twitch|"
    r"castr|restream|boxcast|player|video|youtube|youtu\.be|vimeo|facebook\.com/plugins|stream|teams\.microsoft",
    re.IGNORECASE,
)
WAS_LIVE = re.compile(
    r"terug ?kijk\w*|terug te kijken|opname\w*|opgenomen|gearchiveerd|archief|eerdere uitzending\w*|on.?demand|"
    r"recorded|recording\w*|replay|watch again|archive\w*",
    re.IGNORECASE,
)
NOT_SPOKEN = re.compile(r"chat|webcam|\bcams?\b", re.IGNORECASE)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    for media in document.facts["media"]:
        if media["autoplay"]:
            yield from _autoplay(media)
        if _is_content(media):
            yield from _alternative(media)
    for player in document.facts["players"]:
        address = urlsplit(player["url"])
        if PLAYERS.search(f"{address.netloc}{address.path}"):
            yield cannot_tell(CAPTIONS, player["element"], "embedded", host=address.hostname or "")
    for stream in document.facts["streams"]:
        if _is_live(stream):
            yield cannot_tell(LIVE, stream["element"], title=(stream["title"] or stream["heading"] or stream["url"])[:80])


def _is_live(stream: dict[str, Any]) -> bool:
    """A film without an end, or a player that is said to be live; not a record of a broadcast, nor a camera on a street."""
    said = f"{stream['title']} {stream['heading']}"
    if stream["backdrop"] or WAS_LIVE.search(said) or NOT_SPOKEN.search(f"{said} {stream['url']}"):
        return False
    address = urlsplit(stream["url"])
    if stream["endless"] or LIVE_ADDRESS.search(f"{address.path}?{address.query}"):
        return stream["endless"] or stream["kind"] == "video" or BROADCASTERS.search(address.netloc + address.path) is not None
    is_player = stream["kind"] == "video" or BROADCASTERS.search(f"{address.netloc}{address.path}") is not None
    return is_player and IS_LIVE.search(said) is not None


def _autoplay(media: dict[str, Any]) -> Iterator[Verdict]:
    """Sound of a sound file, longer than three seconds, without any button that may stop it, fails; film may be silent."""
    if media["muted"] or media["sound"] is False:
        return
    seconds = media["seconds"]
    is_long = seconds is not None and (seconds > ALLOWED_S or media["loop"])
    may_stop = (media["controls"] and media["exposed"]) or any(STOPS_SOUND.search(name) for name in media["buttons"])
    if may_stop or (seconds is not None and not is_long):
        yield passed(AUTOPLAY, media["element"])
    elif media["kind"] == "audio" and media["sound"] and is_long:
        yield failed(AUTOPLAY, media["element"])
    else:
        yield cannot_tell(AUTOPLAY, media["element"])


def _is_content(media: dict[str, Any]) -> bool:
    """What a visitor can play; not a silent film that runs behind the page, which is decoration."""
    if media["kind"] == "audio":
        return bool(media["visible"] or any(STARTS.search(name) for name in media["buttons"]))
    is_backdrop = media["autoplay"] and media["muted"] and not media["controls"]
    return bool(media["visible"] and not is_backdrop)


def _alternative(media: dict[str, Any]) -> Iterator[Verdict]:
    """No machine can hear whether the words say what the film shows: a person compares them, and is told where they are."""
    link = next((text for text in media["around"]["links"] if TRANSCRIPT.search(text)), None)
    if link:
        yield cannot_tell(ALTERNATIVE, media["element"], "transcript", link=link)
    elif _is_kept_from(media):
        yield failed(ALTERNATIVE, media["element"], "hidden", text=media["keptFrom"][:80])
    elif _is_unheard(media):
        yield failed(ALTERNATIVE, media["element"], "unheard")
    elif media["kind"] == "audio":
        yield cannot_tell(ALTERNATIVE, media["element"], "audio")
    elif media["sound"] is False:
        yield cannot_tell(ALTERNATIVE, media["element"], "silent")
    else:
        yield cannot_tell(ALTERNATIVE, media["element"])


def _is_kept_from(media: dict[str, Any]) -> bool:
    """The text beside a film that tells what it shows is hidden from screen readers, and no other text says as much."""
    told = words(media["keptFrom"])
    others = set(words(media["around"]["text"].replace(media["keptFrom"], " ", 1)))
    is_told_elsewhere = sum(word in others for word in told) > len(told) / 2
    return len(told) >= FEWEST_WORDS and TELLS_OF_FILM.search(media["keptFrom"]) is not None and not is_told_elsewhere


def _is_unheard(media: dict[str, Any]) -> bool:
    """Somebody wrote descriptions, so they are needed; but no browser reads such a track out, and there is no other text."""
    is_all = "descriptions" in media["tracks"] and media["kind"] == "video" and media["sound"] is not False
    return is_all and media["native"] and len(words(media["around"]["text"])) < FEWEST_WORDS
