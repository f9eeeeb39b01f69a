"""What can be done with an insight, wherever it is shown: in words, in a menu, and by one key."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from earmark.records import Card
from earmark.ui.parts import button
from earmark.ui.words import shown, tr

Deed = Literal["open", "play", "save", "unsave", "like", "dislike", "forget", "hide", "unhide", "copy"]
"""forget: neither more like this nor less."""
CLOSES = "closes once something is chosen"
Act = Callable[[str, str], object]
"""Called with a deed and the id of an insight."""


def deeds_of(card: Card) -> Sequence[tuple[str, Deed]]:
    """What can be done beside opening, playing and saving: what a menu says, and the deed."""
    thumbs: list[tuple[str, Deed]] = [(tr("More like this"), "like"), (tr("Less like this"), "dislike")]
    if card.thumb:
        said = "like" if card.thumb > 0 else "dislike"
        thumbs = [each for each in thumbs if each[1] != said]
        thumbs.append((tr("Take that back"), "forget"))
    return (*thumbs, (tr("Copy"), "copy"), (tr("Hide"), "hide"))


def thumb_words(card: Card) -> str:
    """What the user said of its kind, or nothing."""
    if not card.thumb:
        return ""
    return tr("You want more like this.") if card.thumb > 0 else tr("You want less like this.")


def save_word(card: Card, act: Act) -> QPushButton:
    """Save, or Saved."""
    text, deed = (tr("Saved"), "unsave") if card.saved else (tr("Save"), "save")
    return named_word(text, card, lambda: act(deed, card.insight.id))


def named_word(text: str, card: Card, do: Callable[[], object]) -> QPushButton:
    """A word whose spoken name says of which insight."""
    return button(text, "word", do, name=f"{text}: {shown(card.insight.headline)}")


def more_word(card: Card, act: Act) -> QPushButton:
    """The word that opens the menu of what else can be done; it stays open where the page is set anew."""
    word = named_word(tr("More"), card, lambda: open_below(word, deeds_menu(card, act, word.window())))
    return word


def deeds_menu(card: Card, act: Act, parent: QWidget) -> QMenu:
    """The menu of an insight."""
    menu = QMenu(parent)
    menu.setAccessibleName(tr("More"))
    for text, deed in deeds_of(card):
        menu.addAction(text, partial(act, deed, card.insight.id))
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def open_below(word: QWidget, menu: QMenu) -> None:
    """Open a menu under a word, or over it where the screen ends."""
    open_at(menu, word.mapToGlobal(QPoint(0, word.height() + 2)))


def open_at(menu: QMenu, place: QPoint) -> None:
    """Open a menu somewhere on the screen, with the keyboard on what stands first in it: a screen reader
    says that, and of a menu in which nothing is chosen it says nothing."""
    if not menu.property(CLOSES):
        # A screen reader chooses without a press of its own, after which Qt would leave the menu open.
        menu.triggered.connect(lambda _action: menu.close())
        menu.setProperty(CLOSES, True)
    menu.popup(place)
    menu.setActiveAction(next((each for each in menu.actions() if each.isEnabled()), None))  # type: ignore[arg-type]


def deed_of_key(event: QKeyEvent, card: Card) -> Deed | None:
    """What a key does with the insight that has the focus; nothing with Control and the like, nor again and
    again while it is held: the next insight has the focus by then."""
    if event.isAutoRepeat():
        return None
    plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
    return deed_of(event.key(), card) if plain else None


def deed_of(key: int, card: Card) -> Deed | None:
    """What one key does: P, S, H, C, + and -."""
    keys: dict[int, Deed] = {
        Qt.Key.Key_P: "play",
        Qt.Key.Key_S: "unsave" if card.saved else "save",
        Qt.Key.Key_H: "hide",
        Qt.Key.Key_C: "copy",
        Qt.Key.Key_Plus: "forget" if card.thumb > 0 else "like",
        Qt.Key.Key_Minus: "forget" if card.thumb < 0 else "dislike",
    }
    return keys.get(key)
