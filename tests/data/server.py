"""A server on this machine that stands in for the one with the datasets."""

from __future__ import annotations

import hashlib
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from vaegui.data.sources.download import RemoteFile


def described(name: str, content: bytes) -> RemoteFile:
    """The description of a file that is as it should be."""
    return RemoteFile(name, len(content), hashlib.sha256(content).hexdigest())


class FileServer:
    """Serves ``files`` (name -> content) and notes in ``requests`` what it was asked for.

    Names in ``stalling`` get a header and then silence; those in ``breaking`` half their content.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.requests: list[str] = []
        self.stalling: set[str] = set()
        self.breaking: set[str] = set()
        self._closing = threading.Event()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                owner.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        name = request.path.lstrip("/")
        self.requests.append(name)
        content = self.files.get(name)
        if content is None:
            request.send_error(404)
            return
        request.send_response(200)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        if name in self.stalling:
            request.wfile.flush()
            self._closing.wait(30)
        elif name in self.breaking:
            request.wfile.write(content[: len(content) // 2])
        else:
            # Whoever cancels is gone before everything is written.
            with suppress(ConnectionError):
                request.wfile.write(content)

    def close(self) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
