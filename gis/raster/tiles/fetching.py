"""Asking a service for tiles: a few at a time, the newest wish first, and no more once it says no."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from typing import Final, Literal, TypeAlias
from urllib.error import HTTPError, URLError

from gis.raster.tiles.asking import ElsewhereError, Line, request
from gis.raster.tiles.cache import TileCache
from gis.raster.tiles.capabilities import MOST_BYTES
from gis.raster.tiles.keys import Access
from gis.raster.tiles.lattice import Tile
from gis.raster.tiles.services import TileService, address_of
from layers.errors import BadInputError
from layers.text import Text

PARALLEL: Final = 4
APART_S: Final = 0.025
"""Requests begin at least so far apart, whatever the number of threads."""
STALE_S: Final = 1.0
"""A tile that nobody waits for any more and that is on its way for so long is given up."""
LEAVE_S: Final = 0.5
"""So long the program waits at its end for what was cut off."""
REST_S: Final = 60.0
"""A service that does not answer is left alone for so long."""
_REFUSED: Final = frozenset({401, 402, 403, 418})
"""418 is Tianditu's answer to a key it does not know, or whose day is used up."""
_PROXY: Final = 407
_TOO_MANY: Final = 429
_KEY_WORDS: Final = ("key", "token", "密钥", "令牌", "授权", "权限", "配额")
"""What an answer speaks of that is no picture, if the key is what is wrong."""
_MOST_WORDS_BYTES: Final = 2_000
_LONGEST_SAID: Final = 40
_PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")

State: TypeAlias = Literal[
    "ready",
    "offline",
    "failing",
    "busy",
    "refused",
    "forbidden",
    "wrong",
    "spoiled",
    "elsewhere",
    "no-key",
    "ask",
]
"""``ask``: the user has not agreed to ask this host; ``wrong``: it answers, but not with pictures;
``refused``: it does not take the key; ``forbidden``: it says no, and there is no key to mend;
``busy``: it wants to be asked later; ``spoiled``: its pictures cannot be shown; ``elsewhere``: it sends one
on to another host."""
RESTING: Final[frozenset[State]] = frozenset({"offline", "failing", "busy"})
"""They pass by themselves: the service is asked again after a rest."""


@dataclass
class _Service:
    state: State = "ready"
    detail: str = ""
    until: float = 0.0


@dataclass
class _Wish:
    """A tile that is waited for: the line it comes by, once it is on its way."""

    line: Line
    future: Future[None] | None = None


class TileFetcher:
    """Fetches tiles into a cache.

    Parameters
    ----------
    cache : TileCache
    access : Access
        Keys, and the hosts that may be asked.
    """

    def __init__(self, cache: TileCache, access: Access) -> None:
        self.cache = cache
        self.access = access
        self.arrived = 0
        """How many tiles have come so far; whoever waits for some looks whether it rose."""
        self._services: dict[str, _Service] = {}
        self._missing: set[tuple[str, Tile]] = set()
        self._wanted: dict[tuple[str, Tile], _Wish] = {}
        self._lock = threading.Lock()
        self._next = 0.0
        self._closed = False
        self._threads = ThreadPoolExecutor(PARALLEL, thread_name_prefix="tiles")

    def state(self, service: TileService) -> tuple[State, str]:
        """Return how it goes with a service, and a detail for people who know what it means."""
        if service.host not in self.access.allowed:
            return "ask", service.host
        if service.needs_key and not self.access.keys.get(service.host):
            return "no-key", service.host
        known = self._services.get(service.template, _Service())
        if known.state in RESTING and time.monotonic() >= known.until:
            return "ready", ""
        return known.state, known.detail

    def use(self, access: Access) -> None:
        """Take other keys and consents; services that said no are asked again."""
        with self._lock:
            self.access = access
            self._services.clear()
            self._missing.clear()

    def retry(self) -> None:
        """Forget what went wrong."""
        self.use(self.access)

    def want(self, service: TileService, tiles: Sequence[Tile]) -> int:
        """Ask for tiles that are not here, and forget older wishes for the same service.

        Returns
        -------
        int
            How many are on their way.
        """
        if self.state(service)[0] != "ready":
            return 0
        with self._lock:
            self._forget_all_but(service, set(tiles))
            for tile in tiles:
                name = (service.template, tile)
                if not self._closed and name not in self._wanted and name not in self._missing:
                    wish = self._wanted[name] = _Wish(Line())
                    wish.future = self._threads.submit(self._fetch, service, tile, wish.line)
            return sum(1 for name in self._wanted if name[0] == service.template)

    def _forget_all_but(self, service: TileService, wished: set[Tile]) -> None:
        """Drop what nobody waits for any more; what is slow on its way is cut off and makes room."""
        for name, wish in list(self._wanted.items()):
            if name[0] != service.template or name[1] in wished or wish.future is None:
                continue
            if wish.future.cancel():
                del self._wanted[name]
            elif wish.line.age_s > STALE_S:
                wish.line.cut()

    def wait(self, seconds: float, check: Callable[[], None] = lambda: None) -> bool:
        """Wait until nothing is under way; False if it took too long."""
        end = time.monotonic() + seconds
        while self._wanted:
            check()
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True

    def is_missing(self, service: TileService, tile: Tile) -> bool:
        """Tell whether a service has said that it has no such tile."""
        return (service.template, tile) in self._missing

    def on_spoiled(self, service: TileService, tile: Tile, *, all_of_them: bool) -> None:
        """Take note that a tile is no picture that can be shown; it is not kept.

        Parameters
        ----------
        all_of_them : bool
            Whether none of the service could be shown so far: then it is asked no more.
        """
        self.cache.drop(service, tile)
        with self._lock:
            self._missing.add((service.template, tile))
        if all_of_them:
            self._note(service, "spoiled", service.host)

    def close(self) -> None:
        """Ask for nothing any more, and cut off what is on its way: nobody waits for a slow server."""
        with self._lock:
            self._closed = True
            under_way = list(self._wanted.values())
            self._wanted.clear()
        for wish in under_way:
            wish.line.cut()
        self._threads.shutdown(wait=False, cancel_futures=True)
        wait([wish.future for wish in under_way if wish.future is not None], LEAVE_S)

    def _fetch(self, service: TileService, tile: Tile, line: Line) -> None:
        try:
            if self.state(service)[0] == "ready" and not self._closed:
                self._pause()
                self._take(service, tile, line)
        finally:
            with self._lock:
                self._wanted.pop((service.template, tile), None)

    def _take(self, service: TileService, tile: Tile, line: Line) -> None:
        address = address_of(service, tile, self.access.keys.get(service.host, ""))
        try:
            content, sort = request(address, line=line)
        except HTTPError as error:
            self._on_status(service, tile, error)
        except ElsewhereError as error:
            self._note(service, "elsewhere", error.host)
        except (URLError, HTTPException, OSError, ValueError) as error:
            if not line.is_cut:
                why = str(getattr(error, "reason", "") or type(error).__name__)
                self._note(service, "offline", why[:80], time.monotonic() + REST_S)
        else:
            self._on_answer(service, tile, content, sort)

    def _on_answer(self, service: TileService, tile: Tile, content: bytes, sort: str) -> None:
        if content.startswith(_PICTURES):
            self.cache.write(service, tile, content)
            with self._lock:
                self.arrived += 1
                self._services.pop(service.template, None)
        elif service.needs_key and _speaks_of_key(content):
            self._note(service, "refused", _said(content) or sort[:60])
        else:
            self._note(service, "wrong", sort[:60])

    def _on_status(self, service: TileService, tile: Tile, error: HTTPError) -> None:
        status, soon = error.code, time.monotonic() + REST_S
        if status in _REFUSED:
            said = ""
            with suppress(HTTPException, OSError):
                said = _said(error.read(_MOST_WORDS_BYTES))
            self._note(service, "refused" if service.needs_key else "forbidden", f"{status} {said}".strip())
        elif status == _TOO_MANY:
            self._note(service, "busy", str(status), soon)
        elif status == _PROXY:
            self._note(service, "offline", f"proxy {status}", soon)
        elif status >= 500:
            self._note(service, "failing", str(status), soon)
        elif status < 400:  # sent round in a circle
            self._note(service, "wrong", str(status))
        else:
            with self._lock:
                self._missing.add((service.template, tile))  # there is no map there

    def _note(self, service: TileService, state: State, detail: str, until: float = 0.0) -> None:
        with self._lock:
            self._services[service.template] = _Service(state, detail, until)

    def _pause(self) -> None:
        """Keep requests apart."""
        with self._lock:
            now = time.monotonic()
            begin = max(now, self._next)
            self._next = begin + APART_S
        time.sleep(max(0.0, begin - now))


def read_description(address: str) -> bytes:
    """Return what a service says of itself; only called when the user has pressed for it.

    Raises
    ------
    BadInputError
        With the reason, if there is no answer.
    """
    try:
        return request(address, MOST_BYTES)[0]
    except HTTPError as error:
        if error.code in _REFUSED:
            raise _unwelcome(error) from error
        why = str(error.code)
    except (URLError, HTTPException, OSError, ValueError) as error:
        why = str(getattr(error, "reason", "") or type(error).__name__)[:80]
    raise BadInputError(
        Text("读不到服务说明（{why}）。", "The description cannot be read ({why}).").format(why=why),
        Text("请核对地址、密钥和网络。", "Check the address, the key and the net."),
        code="tiles.unreachable",
    )


def _unwelcome(error: HTTPError) -> BadInputError:
    """Return the error for a service that does not tell about itself without a key, or with this one."""
    said = ""
    with suppress(HTTPException, OSError):
        said = _said(error.read(_MOST_WORDS_BYTES))
    return BadInputError(
        Text("服务拒绝了请求（{why}）。", "The service says no ({why}).").format(
            why=f"{error.code} {said}".strip()
        ),
        Text(
            "若它要密钥，请写在地址里，例如 …/wmts?tk=密钥。",
            "If it wants a key, put it into the address, such as …/wmts?tk=KEY.",
        ),
        code="tiles.refused",
    )


def _speaks_of_key(content: bytes) -> bool:
    """Tell whether an answer that is no picture complains of the key, in JSON or XML."""
    words = content[:_MOST_WORDS_BYTES].decode("utf-8", "replace").lower()
    return not _is_page(words) and any(word in words for word in _KEY_WORDS)


def _said(content: bytes) -> str:
    """Return the service's own words in an answer that is no picture, if they are short and for people."""
    words = content[:_MOST_WORDS_BYTES].decode("utf-8", "replace")
    if _is_page(words):
        return ""
    try:
        told = json.loads(words)
    except ValueError:
        plain = re.sub(r"<[^>]*>", " ", words)
    else:
        found = (told.get(name) for name in ("msg", "message", "error")) if isinstance(told, dict) else ()
        plain = next((word for word in found if isinstance(word, str)), "")
    shown = " ".join("".join(letter if letter.isprintable() else " " for letter in plain).split())
    return shown if len(shown) <= _LONGEST_SAID else ""


def _is_page(words: str) -> bool:
    return words.lstrip().lower().startswith(("<!doctype html", "<html"))
