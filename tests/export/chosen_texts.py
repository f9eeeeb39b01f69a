"""Selections full of text that formats trip over, as the pipeline would have made them."""

import base64
from typing import Any

import numpy as np

from earmark.engines.clip import cut_clips
from earmark.export import Bearing, Entry, Item, Section, Selection, clean, long_date

MADE = "2026-11-26T07:30:00Z"
DAY = "2026-11-26"
NASTY = (
    "<script>window.pwned = 1</script><img src=http://127.0.0.1:9/x onerror=alert(1)>",
    "1. \"Quotes\" & 'apostrophes' &lt;b&gt; &#60; &copy",
    '=HYPERLINK("http://127.0.0.1/", "x")',
    "-5 degrees, then +3",
    "---\nearmark: insight/other\n---",
    "[[Link]] [a](b) `code` *a* __b__ ~~c~~ ==d== $x$ %%z%% #tag | pipe \\ ^up",
    "\u202eevil\u202c \u2066x\u2069 \x00\x07\x1b[31m\x7f\x85 tab\there",
    "half \ud83d \udc00 pair \ufdd0\ufffe\U0001ffff\ufeff",
    "]]> <![CDATA[ --> <!-- earmark 0123456789abcdef: x -->",
    "{{cloze}} {{c1::x}} [sound:a.ogg] [latex]x[/latex] \\(y\\)",
    "Weekly\r\nBcc: eve@example.org\r\n\r\nbody",
    "العربية שלום नमस्ते 日本語 👩‍👩‍👧 é e\u0301 \xa0\u2028\u2029",
    "CON: aux/..\\nul?*",
    "",
    "   ",
    "x" * 700,
)


def item(number: int = 0, texts: tuple[str, ...] = (), **changes: Any) -> Item:
    """An insight whose five texts are `texts` in turn, cleaned as the pipeline cleans them."""
    headline, text, quote, show, episode = (
        clean((texts or ("Headline", "Text", "Quote", "Show", "Episode"))[n % max(1, len(texts or range(5)))])
        for n in range(5)
    )
    fields: dict[str, Any] = {
        "id": f"{number:016x}",
        "headline": clean(headline, 500),
        "text": text,
        "quote": quote,
        "show": clean(show, 500),
        "show_key": f"5{number % 3:015x}",
        "episode": clean(episode, 500),
        "episode_key": f"e{number // 2:015x}",
        "published": "2026-11-20",
        "link": "https://example.org/a?b=1&c='2'",
        "language": "en",
        "start_ms": 804_000,
        "end_ms": 831_000,
        "source": "publisher",
        "tier": "full",
        "saved": True,
        "related": (),
    }
    return Item(**{**fields, **changes})


def day_of(*items: Item, why: str = "Because it is new.") -> Selection:
    """A brief of these."""
    section = Section(long_date(DAY), "5 of 41 insights.", tuple(Entry(i, clean(why)) for i in items), DAY)
    return Selection(section.heading, f"brief/{DAY}", MADE, (section,), (section,))


def nasty_day() -> Selection:
    """A brief in which every text is in every field once, and each insight bears on the next two."""
    items = [item(n, NASTY[n:] + NASTY[:n]) for n in range(len(NASTY))]
    linked = [
        item(
            n,
            NASTY[n:] + NASTY[:n],
            related=tuple(
                Bearing(other.id, other.headline, other.show, also_said_by=n)
                for other in (items[n - 1], items[n - 2], item(99, NASTY[n:]))
            ),
        )
        for n in range(len(NASTY))
    ]
    return day_of(*linked, why=NASTY[0])


def clip(seconds: float = 2.0) -> bytes:
    """A real clip: Opus in Ogg, made as the decoder's child makes them."""
    wave = 9000 * np.sin(np.arange(round(16_000 * seconds)) * 0.2)
    made: list[Any] = []
    job = {"clip_of": "", "spans": [[0, round(seconds * 1000)]]}
    cut_clips(job, [wave.astype(np.int16)], made.append, lambda: False)
    return base64.b64decode(made[-1]["opus"])
