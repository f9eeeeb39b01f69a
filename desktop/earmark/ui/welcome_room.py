"""The room of the first steps: each choice is kept when it is made, so leaving half-way loses nothing."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from earmark.engines.catalogue import catalogue
from earmark.engines.memory import size_text
from earmark.pipeline import Tools, Watch
from earmark.pipeline.lists import import_list
from earmark.pipeline.models import Advice, memory_here, recommend
from earmark.pipeline.suggested import suggestions
from earmark.records import Changes
from earmark.settings import Settings, change_settings
from earmark.taste import change_taste, load_taste
from earmark.ui.below import said
from earmark.ui.choosing import turn_offline
from earmark.ui.desk import Desk, rest_of
from earmark.ui.dialogs import ask_folder, ask_which
from earmark.ui.settings_list import TypedChoice, WordChoice, by_key, groups
from earmark.ui.wanted_choice import want
from earmark.ui.welcome_page import STEPS, WelcomePage
from earmark.ui.words import tr


class WelcomeRoom:
    """Shows "welcome", the first step, and "welcome/2" to "welcome/5"."""

    kinds = ("welcome",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._choices = by_key(groups())
        self.page = WelcomePage()
        self._connect()

    def name(self, _address: str) -> str:
        """First steps."""
        return tr("First steps")

    def show(self, address: str) -> None:
        """One step, with what is chosen so far."""
        step = rest_of(address)
        steps = {"2": self._shows, "3": self._models, "4": self._time, "5": self._privacy}
        steps.get(step, self._interests)()

    def _connect(self) -> None:
        page, desk = self.page, self._desk
        page.went.connect(lambda step: desk.go("welcome" if step == 1 else f"welcome/{min(step, STEPS)}"))
        page.finished.connect(self._finish)
        page.left.connect(self._finish)
        page.interest_added.connect(self._add_interest)
        page.interest_removed.connect(self._remove_interest)
        page.show_added.connect(self._add_show)
        page.asked.connect(self._ask)
        page.wanted.connect(lambda key, text: want(desk, page, self._choices[key], text))

    def _interests(self) -> None:
        self.page.show_interests(load_taste(self._desk.choices.paths).interests)

    def _shows(self) -> None:
        feeds = self._desk.reader.feeds()
        there = {feed.url for feed in feeds}
        offered, noted = suggestions()
        free = [each for each in offered if each.feed not in there]
        self.page.show_shows([feed.title for feed in feeds], free, noted)

    def _models(self) -> None:
        settings = self._desk.choices()
        advice = recommend(catalogue(), memory_here(), (), settings.mode)
        best = {each.row.task: each for each in advice if each.best}
        used = settings.speech_model
        here = tr("Chosen to listen: {model}").format(model=used.name) if used else ""
        speech = _told(tr("To listen, this would suit: {model}, {size}."), best.get("speech"))
        language = _told(tr("To write, this would suit: {model}, {size}."), best.get("llm"))
        self.page.show_models("" if used else speech, "" if settings.language_model else language, here)

    def _time(self) -> None:
        settings = self._desk.choices()
        at, mode = self._choices["brief_time"], self._choices["mode"]
        assert isinstance(at, TypedChoice), at
        assert isinstance(mode, WordChoice), mode
        self.page.show_time(at, mode, at.shown(settings), mode.shown(settings))

    def _privacy(self) -> None:
        self.page.show_privacy(offline=self._desk.choices().offline)

    def _finish(self) -> None:
        def keep(tools: Tools, _watch: Watch) -> Settings:
            return change_settings(tools.paths, lambda now: replace(now, welcomed=True))

        self._desk.ask(keep, lambda _kept: self._desk.go("Today"))

    def _add_interest(self, text: str) -> None:
        self._keep_interests(lambda texts: texts if text in texts else (*texts, text))

    def _remove_interest(self, text: str) -> None:
        self._keep_interests(lambda texts: tuple(each for each in texts if each != text))

    def _keep_interests(self, changed: Any) -> None:
        def keep(tools: Tools, _watch: Watch) -> None:
            change_taste(tools.paths, lambda now: replace(now, interests=changed(now.interests)))

        self._desk.ask(keep, lambda _done: self._desk.turned.emit())

    def _add_show(self, text: str) -> None:
        if self._desk.choices().offline:
            self._desk.offer(
                tr("Offline: nobody is asked, so no show can be added."),
                tr("Go online"),
                lambda: turn_offline(self._desk),
            )
            return
        self._desk.say(tr("Its host is asked. It stands here in a moment."), briefly=True)
        self._desk.jobs.add_feed(text)

    def _ask(self, deed: str) -> None:
        window = self.page.window()
        if deed == "models":
            self._desk.go("Models")
        elif deed == "offline":
            turn_offline(self._desk)
        elif deed == "folder":
            ask_folder(window, tr("A folder of recordings"), self._desk.jobs.add_feed)
        else:
            ask_which(window, tr("A list of shows"), self._import, tr("Lists of shows (*.opml *.xml)"))

    def _import(self, path: str) -> None:
        def take(tools: Tools, watch: Watch) -> Changes:
            return import_list(tools, Path(path), watch).changes

        self._desk.jobs.run(take)
        self._desk.jobs.refresh()


def _told(sentence: str, advice: Advice | None) -> str:
    if advice is None:
        return ""
    return sentence.format(model=advice.row.id, size=said(size_text(advice.row.bytes or 0)))
