"""One window for each profile: who is started second hands over what it was asked to show, and ends.

The way between them is a socket in the profile's own folder, which only its user can open; on Windows a named
pipe that only this user can open.
"""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, QThread
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from earmark.paths import Paths

CONNECT_MS, ANSWER_MS, PATIENCE_MS = 500, 3000, 30_000
"""The last: on a busy computer a window takes longer to open than one would think."""
MOST_BYTES = 65_536
_LONGEST_PATH = 90
"""Unix sockets have names of 107 bytes at most."""


def meeting_point(paths: Paths) -> str | None:
    """The name under which windows of one profile find each other; None: there can be none here."""
    folder = os.path.realpath(paths.data)
    if os.name == "nt":
        return f"earmark-{hashlib.sha256(folder.encode()).hexdigest()[:24]}"
    point = str(Path(folder) / "window.sock")
    return point if len(os.fsencode(point)) <= _LONGEST_PATH else None


def hand_over(paths: Paths, what: str) -> bool:
    """Have the window that is open show `what`; False when none is open."""
    point = meeting_point(paths)
    if point is None:
        return False
    socket = QLocalSocket()
    socket.connectToServer(point)
    if not socket.waitForConnected(CONNECT_MS):
        return False
    socket.write(json.dumps({"show": what}).encode() + b"\n")
    socket.waitForBytesWritten(ANSWER_MS)
    while not socket.canReadLine() and socket.waitForReadyRead(ANSWER_MS):
        pass
    taken = socket.readLine().data() == b"taken\n"
    socket.disconnectFromServer()
    return taken


def hand_over_soon(paths: Paths, what: str) -> bool:
    """The same, for one that is only just being opened: try for half a minute."""
    waited = QElapsedTimer()
    waited.start()
    while not hand_over(paths, what):
        if waited.elapsed() > PATIENCE_MS:
            return False
        QThread.msleep(100)
    return True


class FirstOne(QObject):
    """Listens for those who are started later. `got` is called with what each was asked to show."""

    def __init__(self, paths: Paths, got: Callable[[str], None]) -> None:
        super().__init__()
        self._got = got
        self._talks: list[QLocalSocket] = []
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._meet)
        point = meeting_point(paths)
        if point is not None:
            QLocalServer.removeServer(point)  # of one that was killed: whoever owns the library is alone
            self._server.listen(point)

    def close(self) -> None:
        """Listen no longer."""
        self._server.close()

    def _meet(self) -> None:
        """No connection may hold a socket: one that deletes itself would be deleted twice, and end us."""
        while (socket := self._server.nextPendingConnection()) is not None:
            self._talks.append(socket)
            socket.readyRead.connect(self._read_all)
            socket.disconnected.connect(self._let_go)
        self._read_all()

    def _read_all(self) -> None:
        for socket in list(self._talks):
            self._read(socket)

    def _let_go(self) -> None:
        ended = QLocalSocket.LocalSocketState.UnconnectedState
        for socket in [each for each in self._talks if each.state() == ended]:
            self._talks.remove(socket)
            socket.deleteLater()

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > MOST_BYTES:
                socket.abort()
            return
        try:
            what = json.loads(bytes(socket.readLine(MOST_BYTES).data()))["show"]
        except (ValueError, KeyError, TypeError, RecursionError):
            socket.abort()
            return
        socket.write(b"taken\n")
        socket.flush()
        self._got(str(what))
