"""What may stand between a program and its server: it hands on what both say, or falls silent."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType


class Relay:
    """Listens on a free port of `host`, and hands on to a server's socket (a path, or host and port). Without a server
    it takes connections and never says a word. With `last_words`, a client hears nothing more once it has said them."""

    def __init__(
        self, server: str | Path | tuple[str, int] | None, host: str = "127.0.0.1", last_words: bytes | None = None
    ) -> None:
        self.server = server
        self.last_words = last_words
        self.said = bytearray()  # by clients
        self.connections = 0
        self.listening = socket.create_server((host, 0))
        self.open = [self.listening]
        self.address: str = "{}:{}".format(*self.listening.getsockname())

    def __enter__(self) -> Relay:
        threading.Thread(target=self.take, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in self.open:
            self.end(each)

    @staticmethod
    def end(each: socket.socket) -> None:
        with suppress(OSError):  # it has gone already
            each.shutdown(socket.SHUT_RDWR)
        each.close()

    def take(self) -> None:
        while True:
            try:
                client, _ = self.listening.accept()
            except OSError:
                return
            self.open.append(client)
            self.connections += 1
            if self.server is None:
                continue
            server = socket.socket(socket.AF_INET if isinstance(self.server, tuple) else socket.AF_UNIX)
            self.open.append(server)
            server.connect(self.server if isinstance(self.server, tuple) else str(self.server))
            silent = threading.Event()
            threading.Thread(target=self.listen, args=(client, server, silent), daemon=True).start()
            threading.Thread(target=self.answer, args=(server, client, silent), daemon=True).start()

    def listen(self, client: socket.socket, server: socket.socket, silent: threading.Event) -> None:
        with suppress(OSError):  # the other side has gone
            while words := client.recv(65536):
                self.said += words
                if self.last_words and self.last_words in words:
                    silent.set()
                server.sendall(words)
        self.end(server)

    def answer(self, server: socket.socket, client: socket.socket, silent: threading.Event) -> None:
        with suppress(OSError):
            while words := server.recv(65536):
                if not silent.is_set():
                    client.sendall(words)
        self.end(client)
