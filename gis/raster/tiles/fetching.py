"""Asking a service for tiles: a few at a time, the newest wish first, and no more once it says no."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from typing import Final, Literal, TypeAlias
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from gis.raster.tiles.cache import TileCache
from gis.raster.tiles.capabilities import MOST_BYTES
from gis.raster.tiles.keys import Access
from gis.raster.tiles.lattice import Tile
from gis.raster.tiles.services import TileService, address_of
from layers.errors import BadInputError
from layers.text import Text

USER_AGENT: Final = "Planboard/0.1 (desktop map editor)"
PARALLEL: Final = 4
APART_S: Final = 0.025
"""Requests begin at least so far apart, whatever the number of threads."""
TIMEOUT_S: Final = 10.0
REST_S: Final = 60.0
"""A service that does not answer is left alone for so long."""
_MOST_BYTES: Final = 4_000_000
_REFUSED: Final = frozenset({401, 402, 403, 407, 418, 429})
_PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")

State: TypeAlias = Literal["ready", "offline", "failing", "refused", "wrong", "no-key", "ask"]
"""``ask``: the user has not agreed to ask this host; ``wrong``: it answers, but not with pictures."""


@dataclass
class _Service:
    state: State = "ready"
    detail: str = ""
    until: float = 0.0


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
        self._wanted: dict[tuple[str, Tile], Future[None]] = {}
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
        if known.state in ("offline", "failing") and time.monotonic() >= known.until:
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
            wished = set(tiles)
            for name, future in list(self._wanted.items()):
                if name[0] == service.template and name[1] not in wished and future.cancel():
                    del self._wanted[name]
            for tile in tiles:
                name = (service.template, tile)
                if not self._closed and name not in self._wanted and name not in self._missing:
                    self._wanted[name] = self._threads.submit(self._fetch, service, tile)
            return sum(1 for name in self._wanted if name[0] == service.template)

    def wait(self, seconds: float, check: Callable[[], None] = lambda: None) -> bool:
        """Wait until nothing is under way; False if it took too long."""
        end = time.monotonic() + seconds
        while self._wanted:
            check()
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True

    def close(self) -> None:
        """Ask for nothing any more, and wait for what is on its way."""
        with self._lock:
            self._closed = True
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._wanted.clear()

    def _fetch(self, service: TileService, tile: Tile) -> None:
        try:
            if self.state(service)[0] == "ready" and not self._closed:
                self._pause()
                self._take(service, tile)
        finally:
            with self._lock:
                self._wanted.pop((service.template, tile), None)

    def _take(self, service: TileService, tile: Tile) -> None:
        address = address_of(service, tile, self.access.keys.get(service.host, ""))
        try:
            content, sort = _read(address)
        except HTTPError as error:
            self._on_status(service, tile, error.code)
        except (URLError, HTTPException, OSError, ValueError) as error:
            why = str(getattr(error, "reason", "") or type(error).__name__)
            self._note(service, "offline", why[:80], time.monotonic() + REST_S)
        else:
            if content.startswith(_PICTURES):
                self.cache.write(service, tile, content)
                with self._lock:
                    self.arrived += 1
                    self._services.pop(service.template, None)
            else:
                self._note(service, "wrong", sort[:60])

    def _on_status(self, service: TileService, tile: Tile, status: int) -> None:
        if status in _REFUSED:
            self._note(service, "refused", str(status))
        elif status >= 500:
            self._note(service, "failing", str(status), time.monotonic() + REST_S)
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
        return _read(address, MOST_BYTES)[0]
    except HTTPError as error:
        why = str(error.code)
    except (URLError, HTTPException, OSError, ValueError) as error:
        why = str(getattr(error, "reason", "") or type(error).__name__)[:80]
    raise BadInputError(
        Text("读不到服务说明（{why}）。", "The description cannot be read ({why}).").format(why=why),
        Text("请核对地址、密钥和网络。", "Check the address, the key and the net."),
        code="tiles.unreachable",
    )


def _read(address: str, most_bytes: int = _MOST_BYTES) -> tuple[bytes, str]:
    if not address.startswith(("http://", "https://")):
        raise ValueError("no web address")
    request = Request(address, headers={"User-Agent": USER_AGENT, "Accept": "image/*, text/xml"})
    with urlopen(request, timeout=TIMEOUT_S) as answer:
        return answer.read(most_bytes), str(answer.headers.get("Content-Type", ""))
