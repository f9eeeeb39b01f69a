"""Every choice in plain words, in groups, with what may be typed: pure data, in the user's language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import time
from pathlib import Path
from typing import Any

from earmark.errors import KnownError
from earmark.net.address import checked
from earmark.net.proxy import proxy_of
from earmark.pipeline.out import check_address, mail_server
from earmark.settings import COUNTS, Settings
from earmark.ui.wardrobe import PERCENTS
from earmark.ui.words import tr

Read = Callable[[str, Settings], Any]
"""What was typed as it is kept, beside all else that is chosen. Raises ValueError or KnownError: why not."""


@dataclass(frozen=True, slots=True)
class WordChoice:
    """One of a few words; `words` are (value, word)."""

    key: str
    title: str
    detail: str
    words: tuple[tuple[Any, str], ...]

    def shown(self, settings: Settings) -> str:
        """The place of the chosen one among the words."""
        value = getattr(settings, self.key)
        return next((str(n) for n, (each, _word) in enumerate(self.words) if each == value), "")


@dataclass(frozen=True, slots=True)
class TypedChoice:
    """A value to type; `wide` ones stand below their words."""

    key: str
    title: str
    detail: str
    read: Read
    unit: str = ""
    example: str = ""
    wide: bool = False

    def shown(self, settings: Settings) -> str:
        """As it is typed."""
        value = getattr(settings, self.key)
        return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class TextsChoice:
    """A list of texts."""

    key: str
    title: str
    detail: str
    example: str


Choice = WordChoice | TypedChoice | TextsChoice


@dataclass(frozen=True, slots=True)
class Group:
    """Choices that belong together, under the last word of the address Settings/KEY."""

    key: str
    title: str
    choices: tuple[Choice, ...] = ()


def groups() -> tuple[Group, ...]:
    """All of them in their order. The taste stands in a file of its own; its group is empty here."""
    return (
        _brief(),
        Group("taste", tr("Taste")),
        _work(),
        _recordings(),
        _network(),
        _hearing(),
        _mail_group(),
        _feed(),
        _look(),
        _start(),
        Group("files", tr("Files")),
    )


def as_kept(choice: Choice, text: str, settings: Settings) -> Any:
    """What a control told, as it is kept. Raises ValueError or KnownError with the reason in plain words."""
    if isinstance(choice, WordChoice):
        return choice.words[int(text)][0]
    assert isinstance(choice, TypedChoice), choice
    return choice.read(text, settings)


def value_words(choice: Choice, value: Any) -> str:
    """A value in a sentence."""
    if isinstance(choice, WordChoice):
        return next((word for each, word in choice.words if each == value), str(value))
    if value in (None, ""):
        return tr("nothing")
    unit = choice.unit if isinstance(choice, TypedChoice) else ""
    return f"{value} {unit}".strip()


def _flag(key: str, title: str, detail: str) -> WordChoice:
    return WordChoice(key, title, detail, ((False, tr("Off")), (True, tr("On"))))


def _count(key: str, title: str, detail: str, unit: str, least: int = 0) -> TypedChoice:
    return TypedChoice(key, title, detail, _whole(least, COUNTS[key]), unit)


def _brief() -> Group:
    at = TypedChoice(
        "brief_time",
        tr("Ready at"),
        tr("When the day's five are made, on the clock of the wall. Work should be through by then."),
        _time_of_day,
        example="07:00",
    )
    shelf = _flag(
        "from_your_shelf",
        tr("From your shelf"),
        tr("Once a day, an older insight that you saved, beside the five."),
    )
    return Group("brief", tr("Brief"), (at, shelf))


def _work() -> Group:
    mode = WordChoice(
        "mode",
        tr("How hard this computer works"),
        tr("Quiet leaves most of it to you and takes longest. Fast takes all that it can."),
        (("quiet", tr("Quiet")), ("balanced", tr("Balanced")), ("fast", tr("Fast"))),
    )
    battery = _flag(
        "pause_on_battery", tr("Pause on battery"), tr("Wait while the computer runs on its battery.")
    )
    active = _flag(
        "pause_when_active", tr("Pause while you work"), tr("Wait while somebody types or moves the mouse.")
    )
    return Group("work", tr("Work"), (mode, battery, active))


def _recordings() -> Group:
    days = _count(
        "keep_audio_days",
        tr("Keep recordings for"),
        tr("After that they go, once they were read. Their moments stay, and what you fetched yourself."),
        tr("days"),
    )
    one = _count("max_episode_mb", tr("Largest recording"), tr("A larger one is not fetched."), "MB", 1)
    all_ = _count(
        "max_audio_gb", tr("Room for all recordings"), tr("The oldest that were read go first."), "GB", 1
    )
    speed = _count(
        "max_download_kb_s",
        tr("Download speed"),
        tr("The most for all downloads together. 0: the whole line."),
        tr("kB a second"),
    )
    metered = _flag(
        "wait_on_metered",
        tr("Wait on paid connections"),
        tr("Fetch no audio where the system says that the connection is paid for by the amount."),
    )
    return Group("recordings", tr("Recordings"), (days, one, all_, speed, metered))


def _network() -> Group:
    offline = _flag("offline", tr("Offline"), tr("Nothing is asked of anybody. All that is here works."))
    direct = _flag(
        "direct_addresses",
        tr("Leave out counting services"),
        tr("Many shows put a service before each recording that only counts who listens."),
    )
    proxy = TypedChoice(
        "proxy",
        tr("Proxy"),
        tr("All that leaves this computer goes through it, or nothing does."),
        _proxy,
        example="socks5://127.0.0.1:9050",
        wide=True,
    )
    hub = TypedChoice(
        "hub",
        tr("Where models come from"),
        tr("The address of a mirror of the model hub. Nothing here: the hub itself."),
        _web_address,
        example="https://",
        wide=True,
    )
    return Group("network", tr("Network"), (offline, direct, proxy, hub))


def _hearing() -> Group:
    glossary = TextsChoice(
        "glossary",
        tr("Names and words to expect"),
        tr("What speech models write wrongly: people, companies, words of your field."),
        tr("A name or word"),
    )
    return Group("listening", tr("Listening"), (glossary,))


def _mail_group() -> Group:
    server = TypedChoice(
        "mail_server",
        tr("Mail server"),
        tr("Your own server brings you the brief. Nothing here: no letter leaves this computer."),
        _mail_server,
        example="smtp.example.org:465",
        wide=True,
    )
    protection = WordChoice(
        "mail_protection",
        tr("The way to it"),
        tr("Without encryption only inside your own network."),
        (("tls", tr("Encrypted")), ("starttls", "STARTTLS"), ("none", tr("Not encrypted"))),
    )
    user = TypedChoice(
        "mail_user", tr("Name to log in with"), tr("Nothing here: no log-in."), _text, wide=True
    )
    sender = TypedChoice(
        "mail_from",
        tr("From"),
        tr("The address that it comes from."),
        _mail,
        example="ann@example.org",
        wide=True,
    )
    to = TypedChoice(
        "mail_to", tr("To"), tr("The address that it goes to."), _mail, example="ann@example.org", wide=True
    )
    daily = _flag("mail_daily", tr("Each day"), tr("The brief goes by itself, once, when it is ready."))
    return Group("mail", tr("Mail"), (server, protection, user, sender, to, daily))


def _feed() -> Group:
    feed = TypedChoice(
        "feed_file",
        tr("Feed file"),
        tr("A file that feed readers open; it is renewed with each brief. Nothing here: none is."),
        _file,
        example="/…/earmark.atom",
        wide=True,
    )
    return Group("feed", tr("Feed"), (feed,))


def _look() -> Group:
    theme = WordChoice(
        "theme",
        tr("Colours"),
        "",
        (("light", tr("Light")), ("dark", tr("Dark")), ("system", tr("As the system has them"))),
    )
    contrast = WordChoice(
        "contrast",
        tr("Contrast"),
        tr("How far words stand out from what is behind them."),
        (("normal", tr("Usual")), ("high", tr("High")), ("system", tr("As the system has it"))),
    )
    size = WordChoice(
        "text_percent",
        tr("Text size"),
        "",
        tuple((percent, f"{percent}%") for percent in PERCENTS),
    )
    return Group("look", tr("Look"), (theme, contrast, size))


def _start() -> Group:
    notify = _flag("notify", tr("Tell me"), tr("The system says when the five are ready, where it can."))
    stay = _flag(
        "keep_running",
        tr("Go on when the window closes"),
        tr("A sign in the tray brings it back, where the system has a tray."),
    )
    return Group("start", tr("Start and notices"), (notify, stay))


def _whole(least: int, most: int) -> Read:
    def read(text: str, _settings: Settings) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ValueError(tr("A whole number from {least} to {most}.").format(least=least, most=most))
        return int(text)

    return read


def _time_of_day(text: str, _settings: Settings) -> str:
    hour, _, minute = text.replace(".", ":").partition(":")
    try:
        return f"{time(int(hour), int(minute or 0)):%H:%M}"
    except ValueError as error:
        raise ValueError(tr("A time of day, like 07:00.")) from error


def _text(text: str, _settings: Settings) -> str | None:
    return text or None


def _proxy(text: str, _settings: Settings) -> str | None:
    if text:
        try:
            proxy_of(text)
        except KnownError as error:
            raise ValueError(tr("An address like http://HOST:PORT or socks5://HOST:PORT.")) from error
    return text or None


def _web_address(text: str, _settings: Settings) -> str | None:
    if text:
        try:
            checked(text)
        except KnownError as error:
            raise ValueError(tr("An address that begins with https://")) from error
    return text or None


def _mail(text: str, _settings: Settings) -> str | None:
    return check_address(text) if text else None


def _mail_server(text: str, settings: Settings) -> str | None:
    if text:
        mail_server(replace(settings, mail_server=text))
    return text or None


def _file(text: str, _settings: Settings) -> Path | None:
    if not text:
        return None
    file = Path(text).expanduser()
    if not file.is_absolute() or not file.parent.is_dir():
        raise ValueError(tr("The whole path of a file, in a folder that is there."))
    return file


def by_key(all_groups: Sequence[Group]) -> dict[str, Choice]:
    """Every choice by its name in the file."""
    return {choice.key: choice for group in all_groups for choice in group.choices}
