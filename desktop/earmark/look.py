"""The colours and the type of Earmark, for the window and for the pages that it writes; knows no Qt."""

from dataclasses import dataclass

COLUMN = 760
SERIFS = (
    "Charter",
    "Iowan Old Style",
    "Georgia",
    "Noto Serif",
    "Source Serif 4",
    "Source Serif Pro",
    "DejaVu Serif",
)


@dataclass(frozen=True, slots=True)
class Colours:
    """The tokens of one palette."""

    paper: str
    card: str
    ink: str
    soft: str
    muted: str
    line: str
    accent: str
    tint: str
    select: str
    quote: str
    fault: str


LIGHT = Colours(
    paper="#FAF9F6",
    card="#FFFFFF",
    ink="#1F2328",
    soft="#3C434D",
    muted="#5F6673",
    line="#E4E1D9",
    accent="#2F5D50",
    tint="#EAF1EE",
    select="#EFEDE6",
    quote="#F4F2EC",
    fault="#A0392B",
)
DARK = Colours(
    paper="#15171A",
    card="#1C1F23",
    ink="#E9E7E2",
    soft="#CCCBC6",
    muted="#9BA2AC",
    line="#2B2F35",
    accent="#86C5AE",
    tint="#1F2E29",
    select="#23272C",
    quote="#202429",
    fault="#F0A594",
)
HIGH_LIGHT = Colours(
    paper="#FFFFFF",
    card="#FFFFFF",
    ink="#000000",
    soft="#000000",
    muted="#2A2E35",
    line="#8E9299",
    accent="#0B4A3A",
    tint="#D5E8E0",
    select="#E4E4E0",
    quote="#F2F2EF",
    fault="#8A1C0F",
)
HIGH_DARK = Colours(
    paper="#000000",
    card="#000000",
    ink="#FFFFFF",
    soft="#FFFFFF",
    muted="#D6DAE0",
    line="#62666E",
    accent="#A5EBD0",
    tint="#12382C",
    select="#2A2E34",
    quote="#14171A",
    fault="#FFC0B2",
)
"""For eyes that need more: words at 7:1 and more, lines that can be seen."""
