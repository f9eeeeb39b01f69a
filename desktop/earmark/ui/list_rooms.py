"""The rooms of Library and Activity."""

from earmark.records import EpisodeId, Progress
from earmark.ui.desk import Desk
from earmark.ui.list_pages import ActivityPage, LibraryPage
from earmark.ui.words import tr

MOST_JOBS = 100


class LibraryRoom:
    """Shows "Library"."""

    kinds = ("Library",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.page = LibraryPage()

    def name(self, _address: str) -> str:
        """Library."""
        return tr("Library")

    def show(self, _address: str) -> None:
        """All shows with their newest episodes."""
        reader = self._desk.reader
        feeds = [(feed, reader.episodes(feed.id)) for feed in reader.feeds()]
        self.page.show_feeds(feeds, {job.episode_id: job for job in reader.jobs()})


class ActivityRoom:
    """Shows "Activity"."""

    kinds = ("Activity",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.page = ActivityPage()
        self._order: dict[EpisodeId, int] = {}
        desk.progressed.connect(self._show_progress)

    def name(self, _address: str) -> str:
        """Activity."""
        return tr("Activity")

    def show(self, _address: str) -> None:
        """What waits and what failed, in the order of work."""
        reader = self._desk.reader
        jobs = [job for job in reader.jobs() if job.state != "done"]
        jobs.sort(key=lambda job: (job.state == "failed", self._order.get(job.episode_id, len(self._order))))
        listed = [(job, reader.episode(job.episode_id)) for job in jobs[:MOST_JOBS]]
        self.page.show_jobs(listed, more=len(jobs) - len(listed))

    def _show_progress(self, progress: Progress | None) -> None:
        if progress is not None and progress.order:
            self._order = {episode_id: place for place, episode_id in enumerate(progress.order)}
        self.page.show_progress(progress)
