"""What a server answers to a put: the bucket confirms, or says in words why it does not, and repeats nothing."""

import contextlib
import random
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from booth.drivers.s3 import ZenkoBucket
from booth.errors import BucketError
from booth.ports import Parcel
from fuzzing import REFUSED, Violation

STATUSES = (200, 204, 301, 307, 400, 403, 404, 412, 413, 429, 500, 502, 503)


class _Server:
    """Listens on the loopback, takes a put and answers with *answer*, byte for byte."""

    def __init__(self) -> None:
        self.answer = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, name="fuzz-server", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(2.0)
                connection.recv(65_536)
                connection.sendall(self.answer)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


@contextlib.contextmanager
def prepared(folder: Path) -> Iterator[Callable[[random.Random], str]]:
    """Yield what puts one animation before one answer."""
    path = folder / "animation.gif"
    path.write_bytes(b"GIF89a" + bytes(range(256)))
    with contextlib.closing(_Server()) as server:

        def attempt(rng: random.Random) -> str:
            body = bytes(rng.choices(range(256), k=rng.randrange(2000)))
            head = f"HTTP/1.1 {rng.choice(STATUSES)} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            server.answer = head.encode() + body
            bucket = ZenkoBucket(
                endpoint_url=f"http://127.0.0.1:{server.port}",
                bucket="booth",
                region="us-east-1",
                access_key_id="id",
                secret_access_key="secret",  # noqa: S106  nobody checks it
                ca_bundle=None,
                connect_timeout=1.0,
                read_timeout=1.0,
                attempts=1,
            )
            with contextlib.closing(bucket):
                try:
                    bucket.put(Parcel("party/1.gif", path, {"name": "Zelda"}))
                except BucketError as exc:
                    if "Zelda" in str(exc):
                        raise Violation("the guest is named") from None
                    return REFUSED
                raise Violation("nonsense was taken for a confirmation")

        yield attempt
