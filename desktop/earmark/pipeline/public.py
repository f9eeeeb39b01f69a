"""All that others may use of this folder by its own name: see `earmark.pipeline`."""

from earmark.pipeline.adding import Added, add_link, add_show
from earmark.pipeline.asking import ask
from earmark.pipeline.gathering import disagreements, gather_topics
from earmark.pipeline.liking import forget_taste, learn_now, undo_lesson
from earmark.pipeline.refreshing import Refreshed, Round, due_feeds, refresh
from earmark.pipeline.relating import relate_all
from earmark.pipeline.review import Review, review_of
from earmark.pipeline.searching import search
from earmark.pipeline.subscribe import SeveralFeeds, add_feed
from earmark.pipeline.today import brief_is_due, brief_of, make_due_brief
from earmark.pipeline.tools import Tools, Watch
from earmark.pipeline.work import Worked, process

__all__ = [
    "Added",
    "Refreshed",
    "Review",
    "Round",
    "SeveralFeeds",
    "Tools",
    "Watch",
    "Worked",
    "add_feed",
    "add_link",
    "add_show",
    "ask",
    "brief_is_due",
    "brief_of",
    "disagreements",
    "due_feeds",
    "forget_taste",
    "gather_topics",
    "learn_now",
    "make_due_brief",
    "process",
    "refresh",
    "relate_all",
    "review_of",
    "search",
    "undo_lesson",
]
