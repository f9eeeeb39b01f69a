"""All addresses of the window over one library: each place, and an example of each kind of address."""

from earmark.library import Reader
from earmark.ui.main_window import MainWindow
from earmark.ui.places import PLACES


def addresses(window: MainWindow) -> list[str]:
    """Every address there is a room for, as far as the library holds something to show there."""
    reader = window.desk.reader
    found = [*PLACES]
    for kind in window.pages.kinds:
        if kind not in found:
            found += [kind] if kind[:1].isupper() else _examples(reader, kind)
    dates = reader.brief_dates()
    if dates:
        found += [min(dates), *(item.insight_id for item in _items(reader, max(dates))[:1])]
    return list(dict.fromkeys(found))


def _items(reader: Reader, day: str) -> list[object]:
    page = reader.brief(day)
    return list(page.brief.items) if page else []  # type: ignore[return-value]


def _examples(reader: Reader, kind: str) -> list[str]:
    """One address of a kind that names something of the library."""
    feeds = reader.feeds()
    dates = reader.brief_dates()
    episodes = reader.episodes(feeds[0].id) if feeds else []
    rest = {
        "insight": [str(item.insight_id) for item in _items(reader, max(dates))[:1]] if dates else [],  # type: ignore[attr-defined]
        "show": [str(feed.id) for feed in feeds[:1]],
        "episode": [str(episode.id) for episode in episodes[:1]],
        "transcript": [str(episode.id) for episode in episodes[:1]],
        "day": dates[:1],
        "week": dates[:1],
    }
    return [f"{kind}/{each}" for each in rest.get(kind, [])]
