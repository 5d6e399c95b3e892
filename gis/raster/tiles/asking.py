"""One request over the net, which can be cut off while it waits."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import (
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
    build_opener,
)

USER_AGENT: Final = "Planboard/0.1 (desktop map editor)"
TIMEOUT_S: Final = 10.0
MOST_TILE_BYTES: Final = 4_000_000


class ElsewhereError(OSError):
    """A service sends one on to a host that nobody has agreed to ask.

    Parameters
    ----------
    host : str
    """

    def __init__(self, host: str) -> None:
        super().__init__(host)
        self.host = host


class Line:
    """The way of one request: others may cut it off, and what waits for its answer fails at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._begun: float | None = None
        self._cut = False

    @property
    def age_s(self) -> float:
        """How long it is under way; 0 before."""
        return time.monotonic() - self._begun if self._begun is not None else 0.0

    @property
    def is_cut(self) -> bool:
        """Whether it was cut off."""
        return self._cut

    def begin(self) -> None:
        """Count its age from now."""
        self._begun = time.monotonic()

    def hold(self, wire: socket.socket) -> None:
        """Take up the socket that can be cut."""
        with self._lock:
            self._socket = wire
        if self._cut:
            self.cut()

    def cut(self) -> None:
        """Cut it off."""
        with self._lock:
            self._cut = True
            wire = self._socket
        if wire is not None:
            with suppress(OSError):
                socket.socket.shutdown(wire, socket.SHUT_RDWR)  # also below TLS: whoever reads there wakes


def request(address: str, most_bytes: int = MOST_TILE_BYTES, line: Line | None = None) -> tuple[bytes, str]:
    """Return what an address answers, and what sort it says that is.

    Raises
    ------
    HTTPError
        If the answer is a refusal.
    ElsewhereError
        If it is sent on to another host.
    URLError, HTTPException, OSError, ValueError
        If there is none, or `line` was cut off.
    """
    if not address.startswith(("http://", "https://")):
        raise ValueError("no web address")
    asked = Request(address, headers={"User-Agent": USER_AGENT, "Accept": "image/*, text/xml"})
    (line or Line()).begin()
    _current.line = line
    try:
        with _opener().open(asked, timeout=TIMEOUT_S) as answer:
            return answer.read(most_bytes), str(answer.headers.get("Content-Type", ""))
    finally:
        _current.line = None


_current = threading.local()


def _held(connection: HTTPConnection) -> None:
    line: Line | None = getattr(_current, "line", None)
    if line is not None:
        line.hold(connection.sock)


class _Plain(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _held(self)


class _Sealed(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _held(self)


class _PlainHandler(HTTPHandler):
    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_Plain, req)


class _SealedHandler(HTTPSHandler):
    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_Sealed, req)


class _SameHost(HTTPRedirectHandler):
    """Follows a service to another address of its own, and nowhere else."""

    def redirect_request(
        self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        then, now = urlsplit(req.full_url), urlsplit(newurl)
        if now.scheme not in ("http", "https") or then.hostname != now.hostname:
            raise ElsewhereError(now.hostname or now.scheme)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> OpenerDirector:
    """Return what opens addresses: the proxies of now, redirections, and lines that can be cut."""
    return build_opener(_PlainHandler, _SealedHandler, _SameHost)
