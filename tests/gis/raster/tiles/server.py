"""A map service on this machine: each tile is painted in a colour that tells its column and row."""

import io
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from PIL import Image

PROXIES = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")


def colour_of(column, row):
    return (column * 37) % 200 + 20, (row * 53) % 200 + 20, 90


class Service:
    """What the server was asked, and how it answers."""

    def __init__(self, port):
        self.template = f"http://127.0.0.1:{port}/{{z}}/{{x}}/{{y}}.png"
        self.asked = []
        self.agents = set()
        self.status = 200
        self.gone_from = 99
        """Finer levels than this are answered with 404."""
        self.sent_to = ""
        self.sends = 99
        """So often an answer is to go elsewhere."""
        self.body = None
        self.description = b""
        self.key = ""
        self.slow_s = 0.0
        self.stopping = threading.Event()
        self.most_at_once = self.at_once = 0

    def is_asked(self, times):
        """Wait until so many requests have come."""
        end = time.monotonic() + 5
        while len(self.asked) < times and time.monotonic() < end:
            time.sleep(0.01)
        return len(self.asked) >= times


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        service = self.server.service
        service.at_once += 1
        service.most_at_once = max(service.most_at_once, service.at_once)
        service.asked.append(self.path)
        service.agents.add(self.headers["User-Agent"])
        service.stopping.wait(service.slow_s)
        if service.sent_to and service.sends > 0:
            service.sends -= 1
            self._send_on(service.sent_to)
            service.at_once -= 1
            return
        refused = service.key and f"tk={service.key}" not in self.path
        status = 403 if refused else service.status
        if self.path.split("/")[1].isdigit() and int(self.path.split("/")[1]) > service.gone_from:
            status = 404
        body, sort = self._body(service) if status == 200 else (b"no", "text/plain")
        service.at_once -= 1
        with suppress(ConnectionError):  # nobody waits for it any more
            self.send_response(status)
            self.send_header("Content-Type", sort)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def _send_on(self, address):
        self.send_response(302)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _body(self, service):
        if service.body is not None:
            return service.body, "text/html"
        if "getcapabilities" in self.path.lower():
            return service.description, "text/xml"
        asked = dict(parse_qsl(urlsplit(self.path).query))
        if "TILECOL" in asked:
            column, row = int(asked["TILECOL"]), int(asked["TILEROW"])
        else:
            path = self.path.split("?")[0].removesuffix(".png").strip("/")
            _, column, row = (int(part) for part in path.split("/"))
        stream = io.BytesIO()
        Image.new("RGB", (256, 256), colour_of(column, row)).save(stream, "PNG")
        return stream.getvalue(), "image/png"

    def log_message(self, *details):
        """Say nothing."""


@contextmanager
def running(monkeypatch):
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.service = Service(server.server_port)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.service
        finally:
            server.service.stopping.set()
            server.shutdown()
            thread.join()
