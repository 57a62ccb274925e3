"""The open page as a probe that touches it sees it: keys, mouse, pictures, other views, and nothing that does harm.

Whatever is pressed, the browser lets no request out that could change something elsewhere (anything but GET and HEAD), opens
no WebSocket and no window, and stays on the page. What it refused is kept: that a page wanted to leave is evidence.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from playwright.async_api import CDPSession, Dialog, Page
from playwright.async_api import Error as PlaywrightError

from crawler.deadline import CALL_TIMEOUT_S, soon, within
from crawler.world import World, world_of
from rules.login import logs_out

T = TypeVar("T")
WIDTH, HEIGHT = 1280, 800  # of the viewport that every page is opened in, CSS pixels
MOST_REFUSALS = 100
MOST_LISTENERS = 1_000  # nodes that have one
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# What a page sends comes as one of these; images, styles and scripts are only ever asked for.
CAN_SEND = ("Document", "XHR", "Fetch", "Ping", "CSPViolationReport", "Other")
# What stands on the page, and what its fields hold, in one number: different once somebody changed something.
STATE = """(() => {
  let hash = 0;
  const add = (text) => { for (let i = 0; i < text.length; i++) hash = (hash * 31 + text.charCodeAt(i)) | 0; };
  add(location.href);
  add(document.documentElement.outerHTML);
  for (const field of document.querySelectorAll("input, select, textarea")) add(String(field.value) + field.checked);
  return hash;
})()"""
REST = "document.activeElement?.blur(), scrollTo({ left: 0, top: 0, behavior: 'instant' }), getSelection()?.empty()"


class TouchedTab(World):
    """A tab of its own, in which one page is touched; it is thrown away afterwards, with its cookies."""

    def __init__(self, page: Page, session: CDPSession, main_frame: str, load: Callable[[], Awaitable[Any]]) -> None:
        super().__init__(session, 0)
        self.page = page
        self.main_frame = main_frame
        self._load = load
        self._opening = False
        self.refusals: list[tuple[str, str]] = []
        self._state: object = None
        self._is_new = True  # nobody had it in hands since it was opened
        self._tasks: set[asyncio.Task[None]] = set()

    async def guard(self) -> None:
        """From here on nothing leaves the page that could do harm."""
        self.session.on("Fetch.requestPaused", self._on_request)
        self.session.on("Page.windowOpen", lambda event: self._refuse("window", event["url"]))
        self.page.on("dialog", self._on_dialog)
        patterns = [{"resourceType": kind} for kind in CAN_SEND]
        await soon(self.session.send("Fetch.enable", {"patterns": patterns}))

    def _on_request(self, event: dict[str, Any]) -> None:
        task = asyncio.ensure_future(self._answer(event))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, event: dict[str, Any]) -> None:
        command, more = "Fetch.continueRequest", {}
        if harm := self._harm(event):
            self._refuse(harm, event["request"]["url"])
            # An aborted navigation leaves the page as it stands; any other error would put an error page in its place.
            command, more = "Fetch.failRequest", {"errorReason": "Aborted"}
        with contextlib.suppress(PlaywrightError):  # the request is gone already, with its tab
            await self.session.send(command, {"requestId": event["requestId"], **more})

    def _harm(self, event: dict[str, Any]) -> str:
        """What a request is refused as: "navigation" or "request"; empty: it may go."""
        if event["resourceType"] == "Document" and event.get("frameId") == self.main_frame and not self._opening:
            return "navigation"
        request = event["request"]
        ends_session = not self._opening and logs_out(request["url"])
        return "request" if request["method"] not in SAFE_METHODS or ends_session else ""

    async def _on_dialog(self, dialog: Dialog) -> None:
        if dialog.type != "beforeunload":
            self._refuse("dialog", dialog.message[:200])
        with contextlib.suppress(PlaywrightError):
            await (dialog.accept() if dialog.type == "beforeunload" and self._opening else dialog.dismiss())

    def _refuse(self, kind: str, what: str) -> None:
        if len(self.refusals) < MOST_REFUSALS:
            self.refusals.append((kind, what[:500]))

    def refused(self) -> list[tuple[str, str]]:
        found, self.refusals = self.refusals, []
        return found

    # --- hands and eyes --------------------------------------------------------------------------------------------

    async def press(self, key: str) -> None:
        await soon(self.page.keyboard.press(key))

    async def move_mouse(self, x: float, y: float) -> None:
        await soon(self.page.mouse.move(x, y))

    async def click(self, x: float, y: float) -> None:
        await soon(self.page.mouse.click(x, y))

    async def picture(self, box: tuple[float, float, float, float] | None = None) -> bytes:
        metrics = await soon(self.session.send("Page.getLayoutMetrics"))
        view = metrics["cssVisualViewport"]
        x, y, width, height = box or (0, 0, view["clientWidth"], view["clientHeight"])
        clip = {"x": x + view["pageX"], "y": y + view["pageY"], "width": width, "height": height, "scale": 1}
        answer = await soon(
            self.session.send("Page.captureScreenshot", {"format": "png", "clip": clip, "optimizeForSpeed": True})
        )
        return base64.b64decode(answer["data"])

    async def view(self, width: int, height: int, *, scale: float = 1.0, media: dict[str, str] | None = None) -> None:
        metrics = {
            "width": round(width / scale),
            "height": round(height / scale),
            "deviceScaleFactor": scale,
            "mobile": False,
        }
        await soon(self.session.send("Emulation.setDeviceMetricsOverride", metrics))
        features = [{"name": name, "value": value} for name, value in (media or {}).items()]
        await soon(self.session.send("Emulation.setEmulatedMedia", {"features": features}))

    async def listeners(self, *types: str) -> list[str]:
        """Source: DevTools Protocol, DOMDebugger.getEventListeners."""
        # Chromium tells only of listeners of the world that it is asked in: the page's own, not ours.
        group = {"objectGroup": "listeners"}
        try:
            document = await soon(self.session.send("Runtime.evaluate", {"expression": "document", **group}))
            everywhere = {"objectId": document["result"]["objectId"], "depth": -1}
            found = await soon(self.session.send("DOMDebugger.getEventListeners", everywhere))
            window = await soon(self.session.send("Runtime.evaluate", {"expression": "window", **group}))
            above = await soon(self.session.send("DOMDebugger.getEventListeners", {"objectId": window["result"]["objectId"]}))
            of_node: dict[int, set[str]] = {}
            for one in found["listeners"]:
                if one["type"] in types and "backendNodeId" in one:
                    of_node.setdefault(one["backendNodeId"], set()).add(one["type"])
            nodes = list(of_node)[:MOST_LISTENERS]
            handles = await within(2 * CALL_TIMEOUT_S, asyncio.gather(*(self._handle(node) for node in nodes)))
            pairs = [(handle, sorted(of_node[node])) for node, handle in zip(nodes, handles, strict=True) if handle]
            arguments = [{"objectId": handle} for handle, _ in pairs]
            keep = f"function (...nodes) {{ const types = {json.dumps([kinds for _, kinds in pairs])};"
            keep += " globalThis.vierluikListeners = nodes.map((node, i) => [node, types[i]]); }"
            call = {"functionDeclaration": keep, "executionContextId": self.context_id, "arguments": arguments}
            await soon(self.session.send("Runtime.callFunctionOn", call))
            return sorted({one["type"] for one in above["listeners"] if one["type"] in types})
        finally:
            await soon(self.session.send("Runtime.releaseObjectGroup", group))

    async def _handle(self, node: int) -> str | None:
        where = {"backendNodeId": node, "executionContextId": self.context_id, "objectGroup": "listeners"}
        with contextlib.suppress(PlaywrightError, KeyError):  # the node is of another document, or gone
            answer = await self.session.send("DOM.resolveNode", where)
            return str(answer["object"]["objectId"])
        return None

    # --- as it was -------------------------------------------------------------------------------------------------

    async def reload(self) -> None:
        self._opening = True
        try:
            await self.view(WIDTH, HEIGHT)
            await self._load()
        finally:
            self._opening = False
        world = await soon(world_of(self.session, self.main_frame))
        self.context_id = world.context_id
        self.refusals.clear()
        self._state = await soon(self.evaluate(STATE))
        self._is_new = True

    async def restore(self) -> None:
        """Bring the page back to how it was opened: anew only where something on it changed."""
        if self._is_new:
            self._is_new = False
            return
        await self.view(WIDTH, HEIGHT)
        await soon(self.page.mouse.move(0, 0))
        await soon(self.evaluate(REST))
        if await soon(self.evaluate(STATE)) != self._state:
            await self.reload()
        self._is_new = False
        self.refusals.clear()
