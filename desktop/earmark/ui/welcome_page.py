"""The first run: five short steps, each of which can be skipped, and gone back from."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from earmark.pipeline.suggested import Suggestion
from earmark.ui.controls import OneOf, Texts, Typed
from earmark.ui.flow import flow
from earmark.ui.page import Page
from earmark.ui.parts import SEMI_BOLD, Label, button, hairline, row
from earmark.ui.prose import Prose
from earmark.ui.settings_list import TypedChoice, WordChoice
from earmark.ui.theme import GRID, font, keep_size
from earmark.ui.words import count_of, name, shown, tr

STEPS = 5


class WelcomePage(Page):
    """One step at a time.

    Signals: went(int): to a step, 1 first; finished(); left(): not now; interest_added(str),
    interest_removed(str); show_added(str): an address; asked(str): "list", "folder", "models", "offline";
    wanted(str, str): a choice and what was typed or pressed.
    """

    went = Signal(int)
    finished = Signal()
    left = Signal()
    interest_added = Signal(str)
    interest_removed = Signal(str)
    show_added = Signal(str)
    asked = Signal(str)
    wanted = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(tr("First steps"))
        self._typed: dict[str, Typed] = {}

    def show_interests(self, interests: Sequence[str]) -> None:
        """What the user cares about."""
        if not self._start(1, tr("What do you care about?"), tuple(interests)):
            return
        self._say(tr("A few words for each matter, as you would say them to a friend. Earmark looks for what "
                     "is close to them in meaning."))  # fmt: skip
        texts = Texts(tr("What you care about"), tr("how cities change"))
        texts.show_texts(interests)
        texts.added.connect(self.interest_added)
        texts.removed.connect(self.interest_removed)
        self.add(texts, 2 * GRID)
        free = [each for each in _examples() if each not in interests]
        if free:
            self.add(Label(tr("For example:"), 13, "muted"), 2 * GRID)
            words = [
                button(each, "choice", self._add_interest(each), name=tr("Add {words}").format(words=each))
                for each in free
            ]
            for word in words:
                keep_size(word, height=30, around=GRID)
            self.add(flow(words), GRID)
        self._end(1)

    def show_shows(self, titles: Sequence[str], suggestions: Sequence[Suggestion], noted: str) -> None:
        """Which shows are followed, and some that could be."""
        if not self._start(2, tr("Which shows do you follow?"), tuple(titles), tuple(suggestions), noted):
            return
        self._say(tr("Paste the address of a show, of its feed or of its page; several at once, too."))
        self._address = QLineEdit()
        self._address.setFont(font(14))
        self._address.setAccessibleName(tr("The address of a show"))
        self._address.setPlaceholderText("https://")
        keep_size(self._address, 48 * GRID, 36, around=2 * GRID)
        self._address.returnPressed.connect(self._add_address)
        self.add(flow((self._address, button(tr("Add"), "plain", self._add_address, px=14))), 2 * GRID)
        ways = (
            button(tr("A list from another program (OPML)"), "plain", self._ask("list"), px=14),
            button(tr("A folder of recordings"), "plain", self._ask("folder"), px=14),
        )
        self.add(flow(ways), GRID)
        if titles:
            many = count_of(len(titles), "%n show so far", "%n shows so far")
            some = ", ".join(name(title) for title in titles[:6])
            self.add(Label(f"{many}: {some}", 13, "muted"), 2 * GRID)
        self.add(Label(tr("Or begin with one of public broadcasters"), 15, "ink", weight=SEMI_BOLD), 4 * GRID)
        told = tr("Adding one asks the host that is named beside it. Addresses noted on {day}.")
        self.add(Label(told.format(day=noted), 13, "muted"), 4)
        for each in suggestions:
            self.add(hairline(), GRID)
            self.add(self._suggestion(each), GRID)
        self._end(2)

    def show_models(self, speech: str, language: str, here: str) -> None:
        """What would suit this computer, and what is there without any download."""
        if not self._start(3, tr("What shall listen and write?"), speech, language, here):
            return
        self._say(tr("You can start with what came with Earmark. Then only episodes with their publisher's "
                     "transcript are read, and cards show the speakers' own words."))  # fmt: skip
        self._say(tr("With a speech model every episode is listened to; with a larger language model the "
                     "insights are written. All of it works on this computer."))  # fmt: skip
        for told in (here, speech, language):
            if told:
                self.add(Label(told, 13, "muted"), GRID)
        self.add(row(button(tr("Look at the models"), "plain", self._ask("models"), px=14), None), 2 * GRID)
        self._end(3)

    def show_time(self, at: TypedChoice, mode: WordChoice, at_now: str, mode_now: str) -> None:
        """When the brief shall be ready, and how hard the computer works for it."""
        if not self._start(4, tr("When shall your five be ready?"), "time"):
            self._typed[at.key].show_value(at_now)
            return
        self._say(tr("The brief is made at this time each day, from all that was read until then."))
        time = Typed(at.title, example=at.example)
        time.show_value(at_now)
        time.wanted.connect(lambda text: self.wanted.emit(at.key, text))
        self._typed[at.key] = time
        self.add(time, 2 * GRID)
        words = OneOf(mode.title, [(str(n), word) for n, (_value, word) in enumerate(mode.words)])
        words.show_key(mode_now)
        words.wanted.connect(lambda text: self.wanted.emit(mode.key, text))
        self.add(Label(mode.title, 15, "ink"), 3 * GRID)
        self.add(Label(mode.detail, 13, "muted"), 2)
        self.add(words, GRID)
        self._end(4)

    def show_privacy(self, *, offline: bool) -> None:
        """Four sentences, and the switch."""
        if not self._start(5, tr("Nobody else knows"), offline):
            return
        for sentence in (
            tr("There is no account, no server of ours, and nothing counts what you do."),
            tr("Earmark asks the hosts of your shows for news, words and sound, and nobody else."),
            tr("A model's host is asked only when you press Download."),
            tr("Every request stands in a list under Network, and one switch stops them all."),
        ):
            self._say(sentence)
        word = tr("Go online") if offline else tr("Go offline")
        told = tr("You are offline now: nothing is asked.") if offline else tr("You are online now.")
        self.add(
            row(button(word, "plain", self._ask("offline"), px=14), 4, Label(told, 13, "muted")), 2 * GRID
        )
        self._end(5)

    def show_fault(self, key: str, fault: str) -> None:
        """Why what was typed cannot be kept; empty: it is."""
        if key in self._typed:
            self._typed[key].show_fault(fault)

    def _start(self, step: int, title: str, *content: object) -> bool:
        if not self.begin(f"welcome {step}", *content):
            return False
        told = tr("Step {step} of {steps}").format(step=step, steps=STEPS)
        self.add(Label(told, 13, "muted"))
        self.add(Label(title, 28, "ink", serif=True, weight=SEMI_BOLD), 4)
        return True

    def _say(self, text: str) -> None:
        self.add(Prose(text, 17, "soft", leading=1.6), 2 * GRID)

    def _end(self, step: int) -> None:
        self.add(hairline(), 5 * GRID)
        last = step == STEPS
        onward = self.finished.emit if last else self._to(step + 1)
        things: list[QWidget] = [button(tr("Done") if last else tr("Next"), "main", onward, px=14)]
        if step > 1:
            things.append(button(tr("Back"), "plain", self._to(step - 1), px=14))
        if not last:
            things.append(button(tr("Skip this step"), "word", self._to(step + 1)))
            things.append(button(tr("Skip all"), "word", self.left.emit))
        self.add(flow(things, 6), 2 * GRID)
        self.finish()

    def _suggestion(self, each: Suggestion) -> QWidget:
        holder, words = QWidget(), QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(each.title, 15, "ink"))
        words.addWidget(Label(f"{each.by}. {each.about}.", 13, "muted"))
        across = row()
        across.addLayout(words, 1)
        spoken = tr("Add {show}, which asks {host}").format(show=each.title, host=each.host)
        add = button(tr("Add"), "plain", self._add_show(each.feed), name=spoken, px=14)
        across.addWidget(Label(each.host, 13, "muted", wrap=False))
        across.addWidget(add)
        holder.setLayout(across)
        return holder

    def _add_address(self) -> None:
        text = self._address.text().strip()
        if text:
            self._address.clear()
            self.show_added.emit(text)
        self._address.setFocus()

    def _add_interest(self, text: str) -> Callable[[], None]:
        return lambda: self.interest_added.emit(text)

    def _add_show(self, feed: str) -> Callable[[], None]:
        return lambda: self.show_added.emit(feed)

    def _ask(self, deed: str) -> Callable[[], None]:
        return lambda: self.asked.emit(deed)

    def _to(self, step: int) -> Callable[[], None]:
        return lambda: self.went.emit(step)


def _examples() -> tuple[str, ...]:
    return tuple(
        shown(each)
        for each in (
            tr("sleep and memory"),
            tr("small software businesses"),
            tr("heating without gas"),
            tr("how children learn to read"),
            tr("the history of medicine"),
            tr("what works against traffic"),
        )
    )
