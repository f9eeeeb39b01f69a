"""What the user wants out of the library, as a selection of clean records."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from earmark.clock import Clock, from_ms, local_date
from earmark.errors import KnownError
from earmark.export import Bearing, Entry, Item, Section, Selection, clean, long_date, web_address
from earmark.export.clean import MOST_OF_A_TITLE
from earmark.library import Reader
from earmark.pipeline.named import episode_named
from earmark.records import BriefPage, Card, Episode, EpisodeId, InsightId

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """Which insights are wanted: one of these, or none, which is the newest brief.

    `since` and `until` are local dates (YYYY-MM-DD, both included) on which episodes came out. `episode` is a
    number, or words of a title. `more`: further insights to be written again with those that are wanted.
    """

    brief: str | None = None
    saved: bool = False
    insights: tuple[InsightId, ...] = ()
    episode: str | None = None
    since: str | None = None
    until: str | None = None
    everything: bool = False
    more: tuple[InsightId, ...] = ()

    @property
    def is_brief(self) -> bool:
        """Whether it asks for the brief of one day."""
        return not (
            self.saved or self.insights or self.episode or self.since or self.until or self.everything
        )


def chosen(reader: Reader, wish: Wish, clock: Clock) -> Selection:
    """The selection of a wish. Raises KnownError when there is no such brief, insight or episode."""
    build, today = _Build(reader), local_date(clock).isoformat()
    made = f"{from_ms(round(clock().timestamp()) * 1000):%Y-%m-%dT%H:%M:%SZ}"
    if wish.is_brief and not wish.more:
        page = _brief(reader, wish.brief, today)
        day = build.day(page)
        return Selection(day.heading, f"brief/{page.brief.date}", made, (day,), (day,))
    cards, title, key = _wanted(reader, wish, today)
    have = {card.insight.id for card in cards}
    cards += reader.cards([id_ for id_ in wish.more if id_ not in have])
    return Selection(title, key, made, build.by_episode(cards), _days(reader, build, wish, cards))


def all_briefs(reader: Reader, clock: Clock, most: int) -> Selection:
    """The newest briefs, for a feed of them."""
    build = _Build(reader)
    made = f"{from_ms(round(clock().timestamp()) * 1000):%Y-%m-%dT%H:%M:%SZ}"
    dates = _dates_until(reader, local_date(clock).isoformat())
    pages = [reader.brief(date) for date in dates[:most]]
    days = tuple(build.day(page) for page in pages if page is not None)
    return Selection("Briefs", "briefs", made, (), days)


def _wanted(reader: Reader, wish: Wish, today: str) -> tuple[list[Card], str, str]:
    """The cards of a wish, its title and its key."""
    if wish.insights:
        cards = [reader.card(id_) for id_ in dict.fromkeys(wish.insights)]
        title = cards[0].insight.headline if len(cards) == 1 else f"{len(cards)} insights"
        joined = hashlib.sha256("\n".join(sorted(wish.insights)).encode("utf-8", "replace")).hexdigest()[:16]
        return cards, clean(title, MOST_OF_A_TITLE), f"insights/{joined}"
    if wish.saved:
        return reader.saved_cards(), "Saved insights", "saved"
    if wish.is_brief:
        page = _brief(reader, wish.brief, today)
        return (
            [card for card in page.cards if not card.hidden],
            long_date(page.brief.date),
            f"brief/{page.brief.date}",
        )
    if wish.episode:
        episode = reader.episode(episode_named(reader, wish.episode, of_left_shows=True))
        cards = reader.cards([insight.id for insight in reader.insights(episode.id)])
        cards = [card for card in cards if not card.hidden]
        return cards, clean(episode.title, MOST_OF_A_TITLE), f"episode/{episode_key(episode)}"
    shown = [card for card in reader.cards() if not card.hidden]
    if wish.everything:
        return shown, "All insights", "all"
    since, until = wish.since or "0000-00-00", wish.until or "9999-99-99"
    cards = [card for card in shown if since <= (_published(card.published_ms) or "") <= until]
    words = " ".join(
        f"{word} {day}" for word, day in (("from", wish.since), ("until", wish.until)) if day is not None
    )
    return cards, f"Insights {words}", f"dates/{since}/{until}"


def _dates_until(reader: Reader, today: str) -> list[str]:
    """The days with a brief, newest first, but none that a clock which ran ahead has given a brief."""
    return [date for date in reader.brief_dates() if date <= today]


def _brief(reader: Reader, date: str | None, today: str) -> BriefPage:
    kept = _dates_until(reader, today)
    if not kept and date is None:
        raise KnownError("There is no brief in your library yet. Make one with: earmark brief")
    page = reader.brief(date or kept[0])
    if page is None:
        latest = ", ".join(kept[:_MOST_NAMED]) or "none yet"
        raise KnownError(f"There is no brief of {date}. The latest are: {latest}.")
    return page


def _days(reader: Reader, build: "_Build", wish: Wish, cards: Iterable[Card]) -> tuple[Section, ...]:
    """The briefs all of whose insights are among the cards; the one that was asked for in any case."""
    have = {card.insight.id for card in cards}
    days = []
    for date in reader.brief_dates():
        page = reader.brief(date)
        shown = [card.insight.id for card in page.cards if not card.hidden] if page else []
        if page and shown and have.issuperset(shown):
            days.append(build.day(page))
    return tuple(days)


def episode_key(episode: Episode) -> str:
    """What an episode is known by for ever: made of its feed's address and its GUID."""
    return _key(episode.feed_url, episode.guid)


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def _published(ms: int | None) -> str | None:
    return None if ms is None else from_ms(ms).astimezone().date().isoformat()


class _Build:
    """Makes clean records; asks for each episode once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._episodes: dict[EpisodeId, Episode] = {}

    def day(self, page: BriefPage) -> Section:
        """A brief as a section, without what the user hid since."""
        entries = tuple(
            Entry(self.item(card), clean(place.why))
            for place, card in zip(page.brief.items, page.cards, strict=True)
            if not card.hidden
        )
        return Section(long_date(page.brief.date), clean(page.brief.coverage), entries, page.brief.date)

    def by_episode(self, cards: Iterable[Card]) -> tuple[Section, ...]:
        """A section for each episode, newest first; in it what was said first comes first."""
        groups: dict[EpisodeId, list[Card]] = {}
        for card in cards:
            groups.setdefault(card.episode_id, []).append(card)
        newest = sorted(
            groups.values(), key=lambda group: (-(group[0].published_ms or 0), group[0].episode_id)
        )
        return tuple(
            self._section(sorted(group, key=lambda c: (c.insight.start_ms, c.insight.id))) for group in newest
        )

    def _section(self, cards: list[Card]) -> Section:
        items = [self.item(card, with_note=True) for card in cards]
        day = items[0].published
        note = items[0].show + (f", {long_date(day)}" if day else "")
        return Section(items[0].episode, note, tuple(Entry(item) for item in items))

    def item(self, card: Card, *, with_note: bool = False) -> Item:
        """An insight with its episode and what bears on it, and with the user's own words where wanted."""
        episode, insight = self._episode(card.episode_id), card.insight
        language = self._reader.feed(episode.feed_id).language or ""
        related = [
            Bearing(
                clean(other.card.insight.id),
                clean(other.card.insight.headline, MOST_OF_A_TITLE),
                clean(other.card.feed_title, MOST_OF_A_TITLE),
                len(other.by_others),
            )
            for other in self._reader.related(insight.id)
        ]
        return Item(
            id=clean(insight.id),
            headline=clean(insight.headline, MOST_OF_A_TITLE),
            text=clean(insight.text),
            quote=clean(insight.quote),
            show=clean(card.feed_title, MOST_OF_A_TITLE) or "Untitled show",
            show_key=_key(episode.feed_url),
            episode=clean(card.episode_title, MOST_OF_A_TITLE) or "Untitled episode",
            episode_key=episode_key(episode),
            published=_published(card.published_ms),
            link=web_address(episode.link),
            language=language if _LANGUAGE.fullmatch(language) else None,
            start_ms=insight.start_ms,
            end_ms=insight.end_ms,
            source=card.source,
            tier=insight.tier,
            saved=card.saved,
            related=tuple(related),
            note=clean(card.note) if with_note else "",
        )

    def _episode(self, id_: EpisodeId) -> Episode:
        if id_ not in self._episodes:
            self._episodes[id_] = self._reader.episode(id_)
        return self._episodes[id_]
