"""How lines are broken on a terminal."""

import pytest

from earmark.cli.text import wrapped

WAY = "earmark show 0123456789abcdef"


@pytest.mark.parametrize("before", range(60, 90))
@pytest.mark.parametrize("columns", ["20", "88"])
def test_the_way_to_an_insight_stays_whole(
    before: int, columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    text = "ab cd, " * (before // 7) + "e" * (before % 7)
    lines = wrapped(f"{text}   {WAY}").splitlines()
    assert [line.strip() for line in lines][-1].endswith(WAY)
    assert all(len(line) <= int(columns) for line in lines if WAY not in line)
    assert " ".join(" ".join(lines).split()) == " ".join(f"{text} {WAY}".split())
