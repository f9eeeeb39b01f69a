"""Whether the amounts of a claim are those that were said: with their units, their order and their direction.

That every number was said at all is checked in `verify`; here are the ways in which a true number lies: 70
percent for 70 euros, "from 70 to 35" for "from 35 to 70", "a third" for "a fifth", "rose" for "fell".
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from earmark.insights.words import numbers, words

_UNITS: dict[str, str] = {
    form: unit
    for unit, forms in {
        "percent": "percent % percentage",
        "dollar": "dollars dollar bucks $",
        "euro": "euros euro €",
        "pound": "pounds pound £",
        "second": "seconds second",
        "minute": "minutes minute",
        "hour": "hours hour",
        "day": "days day",
        "week": "weeks week",
        "month": "months month",
        "year": "years year",
        "degree": "degrees degree °",
        "kilometre": "kilometres kilometers kilometer kilometre km",
        "mile": "miles mile",
        "metre": "metres meters meter metre",
        "gram": "grams gram",
        "kilo": "kilos kilograms kilogram kilo kg",
        "ton": "tons tonnes ton tonne",
        "litre": "litres liters litre liter",
    }.items()
    for form in forms.split()
}
_SIGNS = {"$": "dollar", "€": "euro", "£": "pound"}
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[%€$£°]|[a-z]+")
_RANGE = re.compile(r"(?P<one>\d[\d.,]*)(?:\s+[a-z%€$£]+){0,3}?\s+to\s+(?:\w+ )?(?P<other>\d[\d.,]*)", re.I)
_FRACTIONS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    name: (frozenset(forms.split()), frozenset(figures.split()))
    for name, forms, figures in (
        ("half", "half halves halved halving", "50"),
        ("third", "thirds", "33 66 67"),
        ("quarter", "quarter quarters", "25 75"),
        ("fifth", "fifths", "20 40 60 80"),
        ("tenth", "tenths", "10 30 70 90"),
        ("double", "double doubles doubled doubling twice", "100 200"),
        ("triple", "triple triples tripled tripling", "200 300"),
    )
}
_TIMES = {"half": 2, "double": 2, "triple": 3}
_PARTS = re.compile(r"\b(?:a|one|two|three|four|by a) (third|fifth|tenth)\b", re.I)
_UP = re.compile(
    r"\b(?:rise[sn]?|rose|rising|grow[sn]?|grew|growing|increas\w+|went up|go(?:es)? up|gain\w*|climb\w*"
    r"|jump\w*|raise[ds]?|higher)\b",
    re.I,
)
_DOWN = re.compile(
    r"\b(?:fall[s]?|fell|falling|fallen|drop\w*|declin\w+|decreas\w+|went down|go(?:es)? down|shr[aiu]nk\w*"
    r"|cuts?|cutting|reduc\w+|lower\w*|lost|loses?|losing|fewer|less)\b",
    re.I,
)
_CLAUSE = re.compile(r"[.!?;:]\s+|,\s+|\s+(?:but|while|whereas|although|and)\s+", re.I)


def amount_problems(claim: str, said: str) -> list[str]:
    """Amounts that were said otherwise.

    >>> amount_problems("It rose from 70 to 35 percent.", "It rose from 35 to 70 percent.")
    ['Keep numbers in the order in which they were said: 70 to 35.']
    """
    found = [
        *(f"Keep the unit of {number} as it was said." for number in _other_units(claim, said)),
        *(f"Keep numbers in the order in which they were said: {pair}." for pair in _turned(claim, said)),
        *(f"Nobody spoke of a {part}." for part in sorted(_fractions(claim) - _said_parts(said))),
    ]
    if _against(claim, said):
        found.append("Say what rose and what fell as it was said.")
    return found


def _other_units(claim: str, said: str) -> list[str]:
    """Numbers whose unit in the claim is none of those that they were said with."""
    spoken = _united(said)
    written = _united(claim)
    return sorted(n for n, units in written.items() if spoken.get(n) and units.isdisjoint(spoken[n]))


def _united(text: str) -> dict[str, set[str]]:
    """The units that stand right beside each number."""
    found: dict[str, set[str]] = {}
    tokens = ["", *_TOKEN.findall(text.lower()), "", ""]
    for before, token, after, second in zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False):
        if not token[:1].isdigit():
            continue
        points = _UNITS.get(after) == "percent" and second.startswith("point")
        unit = "points" if points else _UNITS.get(after, _SIGNS.get(before))
        if unit:
            found.setdefault(token.replace(",", ""), set()).add(unit)
    return found


def _turned(claim: str, said: str) -> list[str]:
    """Ranges of the claim that were only said the other way round."""
    spoken = {(match["one"], match["other"]) for match in _RANGE.finditer(said)}
    written = [(match["one"], match["other"].rstrip(".,")) for match in _RANGE.finditer(claim)]
    spoken = {(one, other.rstrip(".,")) for one, other in spoken}
    return [f"{a} to {b}" for a, b in written if (b, a) in spoken and (a, b) not in spoken]


def _fractions(text: str) -> set[str]:
    """The parts and multiples that a text speaks of."""
    found = set(words(text))
    parts = {name for name, (forms, _) in _FRACTIONS.items() if forms & found}
    return parts | {match.lower() for match in _PARTS.findall(text)}


def _said_parts(said: str) -> set[str]:
    """What was said as a part, as a figure that comes to one, or as two figures that make one."""
    figures = numbers(said)
    stated = {name for name, (_, same) in _FRACTIONS.items() if same & figures}
    values = {float(figure) for figure in figures} - {0.0}
    made = {name for name, times in _TIMES.items() if any(value * times in values for value in values)}
    return _fractions(said) | stated | made


def _against(claim: str, said: str) -> bool:
    """Whether a number rises in the claim and falls in what was said, or the other way round."""
    spoken = dict(_directions(said))
    return any(number in spoken and spoken[number] != way for number, way in _directions(claim))


def _directions(text: str) -> Iterator[tuple[str, str]]:
    """Each number that stands in a clause with a word of rising or falling, and which it is."""
    borders = [0, *(match.end() for match in _CLAUSE.finditer(text)), len(text)]
    for begin, end in pairwise(borders):
        clause = text[begin:end]
        up, down = bool(_UP.search(clause)), bool(_DOWN.search(clause))
        if up != down:
            for number in numbers(clause) | _fractions(clause):
                yield number, "up" if up else "down"
