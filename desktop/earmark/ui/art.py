"""The pictures of shows, as they were made small by the decoder: nothing is decoded in the window."""

from pathlib import Path

from PySide6.QtGui import QImage, QPixmap

from earmark.paths import Paths
from earmark.pipeline.art import SIDE, art_file, points_in
from earmark.records import FeedId

_MOST_KEPT = 1000
_kept: dict[Path, tuple[int, QPixmap | None]] = {}


def art_of(paths: Paths, feed_id: FeedId) -> QPixmap | None:
    """A show's picture, if it is on this computer."""
    file = art_file(paths, feed_id)
    try:
        written_ns = file.stat().st_mtime_ns
    except OSError:
        return None
    if file not in _kept or _kept[file][0] != written_ns:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[file] = (written_ns, _picture(file))
    return _kept[file][1]


def _picture(file: Path) -> QPixmap | None:
    points = points_in(file)
    if points is None:
        return None
    return QPixmap.fromImage(QImage(points, SIDE, SIDE, 3 * SIDE, QImage.Format.Format_RGB888))
