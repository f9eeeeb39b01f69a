"""How what publishers say beside words and sound reads on a terminal, and as JSON."""

from dataclasses import asdict
from typing import Any

from earmark.cli.text import clock_time
from earmark.hiding import shown
from earmark.records import EpisodeFacts, ShowFacts


def numbered(facts: EpisodeFacts) -> str:
    """The season, the number and the kind of an episode in a few letters; nothing where none is told.

    >>> numbered(EpisodeFacts(season=2, number=204.5, kind="bonus")), numbered(EpisodeFacts(number=7.0))
    ('S2 E204.5, bonus', 'E7')
    """
    season = f"S{facts.season}" if facts.season is not None else ""
    number = f"E{facts.number:g}" if facts.number is not None else ""
    kind = "" if facts.kind == "full" else facts.kind
    return ", ".join(part for part in (f"{season} {number}".strip(), kind) if part)


def show_lines(facts: ShowFacts) -> list[str]:
    """What a show says of itself, a line for each thing it says; its links are printed and not opened."""
    told = [
        ("", facts.description),
        ("By", facts.author),
        ("Medium", facts.medium if facts.medium != "podcast" else ""),
        ("Order", "meant to be heard from the first episode on" if facts.serial else ""),
        ("Explicit", "yes" if facts.explicit else ""),
        ("Picture", shown(facts.image_url or "")),
    ]
    lines = [f"{name}: {value}" if name else str(value) for name, value in told if value]
    return lines + [
        f"Support: {shown(each.url)}" + (f" ({each.text})" if each.text else "") for each in facts.funding
    ]


def episode_lines(facts: EpisodeFacts) -> list[str]:
    """What an episode says of itself, a line for each thing it says."""
    lines = [numbered(facts)] if numbered(facts) else []
    if facts.season_name:
        lines.append(f"Season: {facts.season_name}")
    if facts.explicit:
        lines.append("Explicit: yes")
    for bite in facts.soundbites:
        at = f"{clock_time(bite.start_ms)} to {clock_time(bite.start_ms + bite.duration_ms)}"
        lines.append(f"The publisher's own pick: {at}" + (f", {bite.title}" if bite.title else ""))
    return lines


def facts_dict(facts: EpisodeFacts | ShowFacts) -> dict[str, Any]:
    """The same as plain values, for `--json`; addresses without secrets."""

    def plain(fields: list[tuple[str, Any]]) -> dict[str, Any]:
        return {name: shown(value) if value and name.endswith("url") else value for name, value in fields}

    return asdict(facts, dict_factory=plain)
