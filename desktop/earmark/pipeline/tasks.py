"""What the window's thread is handed again and again: small functions of one form."""

from earmark.pipeline.out import renew_feed
from earmark.pipeline.today import make_due_brief
from earmark.pipeline.tools import Tools, Watch
from earmark.pipeline.work import process
from earmark.records import Changes, InsightId


def work_through(tools: Tools, watch: Watch) -> Changes:
    """Work through all that waits."""
    return process(tools, watch).changes


def due_brief(tools: Tools, _watch: Watch) -> Changes:
    """Make today's brief, or complete it."""
    return make_due_brief(tools)


def renewed_feed(tools: Tools, _watch: Watch) -> Changes:
    """Bring the feed file to today."""
    renew_feed(tools)
    return Changes()


def note_reading(tools: Tools, insight_id: InsightId, read_ms: int) -> Changes:
    """A card was open for so long."""
    tools.library.add_reading(insight_id, read_ms)
    return Changes()
