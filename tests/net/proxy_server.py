"""A loopback proxy, HTTP or SOCKS 5, that leads every name to one port of this computer."""

import contextlib
import socket
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from loopback import HERE, ByteServer, running


@dataclass
class ProxyServer:
    """Where it is, what it was asked for, what `login` it wants, and with which SOCKS code it `refuses`."""

    kind: str
    to_port: int
    port: int = 0
    login: bytes | None = None
    refuses: int = 0
    asked: list[str] = field(default_factory=list)

    def address(self, who: str = "") -> str:
        """As it stands in the settings."""
        return f"{self.kind}://{who}127.0.0.1:{self.port}"


@contextlib.contextmanager
def proxy_to(kind: str, to_port: int) -> Iterator[ProxyServer]:
    """A running proxy."""
    server = _Server(HERE, _Handler)
    server.proxy = ProxyServer(kind, to_port, server.server_address[1])
    with running(server):
        yield server.proxy


class _Server(ByteServer):
    proxy: ProxyServer


class _Handler(socketserver.BaseRequestHandler):
    server: _Server
    request: socket.socket

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            if self.server.proxy.kind == "socks5":
                self._socks(self.server.proxy)
            else:
                self._http(self.server.proxy)

    def _http(self, proxy: ProxyServer) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += self.request.recv(65536)
        first, _, rest = head.partition(b"\r\n")
        method, target, _version = first.split(b" ")
        proxy.asked.append(f"{method.decode()} {target.decode()}")
        if proxy.login and proxy.login not in rest:
            self.request.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", proxy.to_port)) as onward:
            if method == b"CONNECT":
                self.request.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            else:
                path = b"/" + target.split(b"/", 3)[3]
                onward.sendall(b" ".join((method, path, b"HTTP/1.1")) + b"\r\n" + rest)
            self._both_ways(onward)

    def _socks(self, proxy: ProxyServer) -> None:
        _version, count = self.request.recv(2)
        ways = self.request.recv(count)
        way = 2 if proxy.login else 0
        self.request.sendall(bytes([5, way if way in ways else 0xFF]))
        if way not in ways:
            return
        if proxy.login:
            told = self.request.recv(600)
            good = proxy.login in told
            self.request.sendall(bytes([1, 0 if good else 1]))
            if not good:
                return
        _version, _command, _zero, kind, length = self.request.recv(5)
        assert kind == 3, "a name is to be looked up by the proxy"
        name = self.request.recv(length).decode()
        port = int.from_bytes(self.request.recv(2), "big")
        proxy.asked.append(f"{name}:{port}")
        self.request.sendall(bytes([5, proxy.refuses, 0, 1, 0, 0, 0, 0, 0, 0]))
        if proxy.refuses:
            return
        with socket.create_connection(("127.0.0.1", proxy.to_port)) as onward:
            self._both_ways(onward)

    def _both_ways(self, onward: socket.socket) -> None:
        back = threading.Thread(target=_pump, args=(onward, self.request), daemon=True)
        back.start()
        _pump(self.request, onward)
        back.join(5)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
