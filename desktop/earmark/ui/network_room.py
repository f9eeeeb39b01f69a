"""The room of the list of requests."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

from earmark.clock import from_ms, local_date
from earmark.export import write_whole
from earmark.pipeline.servers import where_it_goes
from earmark.ui.below import said
from earmark.ui.choosing import turn_offline
from earmark.ui.desk import Desk
from earmark.ui.dialogs import ask_where
from earmark.ui.listed import Row
from earmark.ui.network_page import NetworkPage
from earmark.ui.words import amount, count_of, long_day, shown, tr

MOST = 1000
"""As many as the library keeps."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request, its time on the user's clock."""

    at: datetime
    host: str
    why: str
    status: int | None
    size_bytes: int

    def holds(self, words: str) -> bool:
        """Whether all of these words stand in its host, its reason, or what became of it."""
        text = f"{self.host} {self.why} {said(self.why)} {outcome(self.status)}".casefold()
        return all(word in text for word in words.casefold().split())


class NetworkRoom:
    """Shows "Network"."""

    kinds = ("Network",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._words = ""
        self.page = NetworkPage()
        self.page.offline_asked.connect(lambda: turn_offline(desk))
        self.page.filtered.connect(self._filter)
        self.page.export_asked.connect(self._ask_where)

    def name(self, _address: str) -> str:
        """Network."""
        return tr("Network")

    def show(self, _address: str) -> None:
        """Every request that was made, the newest first; those of this moment come a moment later."""
        self._set()
        self._desk.ask(lambda tools, _watch: tools.library.write_requests(), self._set_again)

    def _set_again(self, written: int) -> None:
        if written:
            self._set()

    def _set(self) -> None:
        requests = [each for each in self._requests() if each.holds(self._words)]
        lines: list[Row] = []
        for day, own in groupby(requests, lambda each: each.at.date()):
            lines.append(Row(self._day(day.isoformat()), heading=True))
            lines += map(request_line, own)
        settings = self._desk.choices()
        self.page.show_requests(
            len(lines),
            lines.__getitem__,
            detail=self._detail(requests),
            goes=said(where_it_goes(settings)),
            offline=settings.offline,
        )

    def _requests(self) -> list[Request]:
        return [
            Request(
                from_ms(each["time_ms"]).astimezone(),
                each["host"],
                each["why"],
                each["status"],
                each["size_bytes"],
            )
            for each in self._desk.reader.requests(MOST)
        ]

    def _detail(self, requests: list[Request]) -> str:
        if not requests and self._words:
            return tr("No request has these words.")
        if not requests:
            return tr("Nothing was asked of anybody yet.")
        count = count_of(len(requests), "%n request", "%n requests")
        total = amount(sum(each.size_bytes for each in requests))
        kept = tr("{count}, {size} in all. The last 1,000 are kept.")
        return kept.format(count=count, size=total)

    def _day(self, iso: str) -> str:
        today = local_date(self._desk.clock).isoformat()
        return tr("Today") if iso == today else long_day(iso)

    def _filter(self, words: str) -> None:
        self._words = words
        self._set()

    def _ask_where(self) -> None:
        ask_where(self.page, tr("Save the list of requests"), "earmark-requests.txt", self._export)

    def _export(self, file: str) -> None:
        text = as_text([each for each in self._requests() if each.holds(self._words)])
        self._desk.ask(
            lambda _tools, _watch: write_whole(Path(file), text.encode()),
            lambda _done: self._desk.say(tr("Saved."), briefly=True),
        )


def request_line(request: Request) -> Row:
    """A request as a row."""
    clock, much = f"{request.at:%H:%M}", amount(request.size_bytes)
    side = f"{outcome(request.status)}, {much}" if request.size_bytes else outcome(request.status)
    host, why = shown(request.host), shown(said(request.why))
    spoken = tr("{time}, {host}: {why}. {outcome}.").format(time=clock, host=host, why=why, outcome=side)
    return Row(host, why, side, figure=clock, spoken=spoken)


def outcome(status: int | None) -> str:
    """What became of a request."""
    if status is None:
        return tr("no answer")
    if status == 304:
        return tr("nothing new")
    if status < 400:
        return tr("answered")
    return tr("refused ({status})").format(status=status)


def as_text(requests: list[Request]) -> str:
    """The list as a file that any program reads: one request a line, tabs between."""
    head = "\t".join(("time", "host", "why", "status", "bytes"))
    rows = (
        (each.at.isoformat(timespec="seconds"), each.host, each.why, each.status or "", each.size_bytes)
        for each in requests
    )
    plain = ("\t".join(" ".join(str(cell).split()) for cell in line) for line in rows)
    return "\n".join((head, *plain)) + "\n"
