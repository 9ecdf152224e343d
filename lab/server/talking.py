"""A server that takes one request after the other and says what it is given to say, right or wrong."""

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterable

AT_ONCE = 65_536
"""Bytes that are received at once, at most."""


class Talker:
    """Takes a request on the loopback and says *pieces* until the other side hangs up; counts what it got rid of.

    With *asks*, what is put is asked for before it is answered, and taken whole; else the answer comes at once. *pause*
    is how many seconds lie between two pieces. With *last*, the other side may hang up first; else the server does.
    """

    def __init__(
        self,
        pieces: Callable[[], Iterable[bytes]],
        *,
        asks: bool = True,
        pause: float = 0.0,
        last: bool = False,
        timeout: float = 20.0,
    ) -> None:
        self.pieces = pieces
        self.asks = asks
        self.pause = pause
        self.said = 0
        """Bytes."""
        self._last = last
        self._timeout = timeout
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._serve, name="talker", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it, after the connection that there is. May be called twice."""
        if self._thread.is_alive():
            self._listener.shutdown(socket.SHUT_RDWR)
            self._thread.join()
            self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(self._timeout)
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        came = b""
        while b"\r\n\r\n" not in came:
            if not (more := connection.recv(AT_ONCE)):
                return
            came += more
        if self.asks and came.startswith(b"PUT"):
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            head, _, body = came.partition(b"\r\n\r\n")
            length = int((re.search(rb"(?i)\r\ncontent-length: (\d+)", head) or [b"", b"0"])[1])
            while len(body) < length:
                if not (more := connection.recv(AT_ONCE)):
                    return
                body += more
        for piece in self.pieces():
            connection.sendall(piece)
            self.said += len(piece)
            if self.pause:
                time.sleep(self.pause)
        if self._last:
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(AT_ONCE):
                pass
