"""One question to one feed, on a thread of the network: what came, read, and nothing stored."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from earmark.errors import Cancelled, KnownError
from earmark.feeds import is_page
from earmark.net import BrokeOff, Door, NoAnswer, Refusal, Response, Unproven, credentials
from earmark.pipeline.feed_reader import FeedReader
from earmark.pipeline.private import without_secrets
from earmark.records import Feed, ParsedFeed

GONE = 410
NOT_MODIFIED = 304
STOPPED = "Stopped before it answered."


@dataclass(frozen=True, slots=True)
class Question:
    """A feed to ask. `whole`: without conditions, so that all of the document comes."""

    feed: Feed
    whole: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A feed's document as it came from the address that was `asked`, and as it was read."""

    asked: str
    response: Response
    parsed: ParsedFeed
    sha256: str


def document_of(asked: str, response: Response, parsed: ParsedFeed) -> Document:
    """A document with what tells its body from another."""
    return Document(asked, response, parsed, _sha256(response.body))


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a question: `fault`, else `document` (None: unchanged), and `headers`.

    `whole`: the server sent all of it, whether it had changed or not. `elsewhere` is the document at the
    place that the feed itself says it has moved to. `page`: a web page came where a feed was.
    """

    question: Question
    headers: dict[str, str]
    whole: bool = False
    document: Document | None = None
    elsewhere: Document | None = None
    fault: KnownError | None = None
    page: bool = False
    gone: bool = False

    @property
    def retry_after(self) -> str | None:
        """What a refusal said about when to come back."""
        return self.fault.retry_after if isinstance(self.fault, Refusal) else None

    @property
    def unproven(self) -> bool:
        """Whether the server could not prove who it is."""
        return isinstance(self.fault, Unproven)

    @property
    def wants_rest(self) -> bool:
        """Whether the server asks to be left alone."""
        return isinstance(self.fault, Refusal) and (self.fault.status == 429 or bool(self.retry_after))

    @property
    def cut(self) -> bool:
        """Whether the connection ended before the answer did."""
        return isinstance(self.fault, BrokeOff)

    @property
    def answered(self) -> bool:
        """Whether anybody answered at all."""
        return not isinstance(self.fault, NoAnswer)


def ask(
    door: Door,
    reader: FeedReader,
    question: Question,
    stopped: Callable[[], bool],
    on_answer: Callable[[], None] = lambda: None,
) -> Came:
    """Ask, and read what came. Nothing is raised but what is a mistake of ours.

    `on_answer` is called once somebody answered, before that is read, which may take its time.
    """
    feed = question.feed
    try:
        response = door.get(
            feed.url,
            etag=None if question.whole else feed.etag,
            last_modified=None if question.whole else feed.last_modified,
            why="refresh a feed",
            cancelled=stopped,
        )
    except Cancelled:
        return Came(question, {}, fault=NoAnswer(STOPPED))
    except KnownError as error:
        return Came(question, {}, fault=error)
    on_answer()
    return _read(door, reader, question, response, stopped)


def _read(
    door: Door, reader: FeedReader, question: Question, response: Response, stopped: Callable[[], bool]
) -> Came:
    if response.status == GONE:
        return Came(question, response.headers, gone=True)
    if response.status == NOT_MODIFIED or _sha256(response.body) == question.feed.body_sha256:
        return Came(question, response.headers, whole=response.status != NOT_MODIFIED)
    try:
        read = reader.read(response, cancelled=stopped)
        parsed = without_secrets(door, question.feed.url, read)
        document = document_of(question.feed.url, response, parsed)
    except Cancelled:
        return Came(question, {}, fault=NoAnswer(STOPPED))
    except KnownError as error:
        return Came(question, response.headers, fault=error, page=is_page(response.body))
    elsewhere = _elsewhere(door, reader, question.feed, document, stopped)
    return Came(question, response.headers, whole=True, document=document, elsewhere=elsewhere)


def _elsewhere(
    door: Door, reader: FeedReader, feed: Feed, document: Document, stopped: Callable[[], bool]
) -> Document | None:
    """What stands where the feed says that it has moved to, None where nothing usable does.

    Never from a protected address to an open one, and not where the user's password would be left behind.
    """
    target = document.parsed.new_url
    if not target or target in (feed.url, document.response.url) or credentials(feed.url):
        return None
    if feed.url.lower().startswith("https:") and not target.lower().startswith("https:"):
        return None
    try:
        response = door.get(target, why="a feed says that it has moved", cancelled=stopped)
        if response.status != 200:
            return None
        read = reader.read(response, cancelled=stopped)
        return document_of(target, response, without_secrets(door, target, read))
    except (KnownError, Cancelled):
        return None


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
