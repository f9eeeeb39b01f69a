"""What is talk and what is not."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from earmark.demo import demo_episodes
from earmark.insights.adverts import find_adverts
from earmark.insights.passages import kinds_of, mark
from earmark.insights.sentences import split_sentences
from earmark.records import Segment


def said(*lines: str) -> list[Segment]:
    parts = [line.partition(": ") for line in lines]
    return [Segment(i * 5000, i * 5000 + 5000, text, who) for i, (who, _, text) in enumerate(parts)]


@pytest.mark.parametrize("episode", demo_episodes(), ids=lambda e: e.slug)
def test_every_advert_of_the_sample_shows_is_found_and_no_talk_is_taken_for_one(episode) -> None:  # type: ignore[no-untyped-def]
    segments = [Segment(i * 5000, i * 5000 + 5000, x.text, x.speaker) for i, x in enumerate(episode.lines)]
    sentences = split_sentences(segments)
    adverts = {sentences[i].first_segment for i in find_adverts(sentences)}
    wanted = {i for i, line in enumerate(episode.lines) if line.kind == "ad"}
    talk = {i for i, line in enumerate(episode.lines) if line.kind == "talk"}
    assert wanted <= adverts
    assert not adverts & talk


def test_a_host_read_runs_from_its_onset_to_its_call_and_no_further() -> None:
    lines = said(
        "Ana: Cold rooms cost more than warm ones in every house that we measured.",
        "Ana: Quick aside, I have been using Notion for six months.",
        "Ana: Notion replaces the dozen tools your team is half-using.",
        "Ana: If you want to try it, the link's in the show notes.",
        "Ana: Back in the 1970s nobody insulated a wall.",
    )
    assert find_adverts(split_sentences(lines)) == {1, 2, 3}


def test_a_call_to_action_without_onset_reaches_back_to_the_name_it_sells() -> None:
    lines = said(
        "Ana: Sleep is the cheapest medicine there is.",
        "Ana: Corvane knives are forged in a small workshop.",
        "Ana: My onions have never been so afraid.",
        "Ana: Head over to corvane.example for a free peeler.",
        "Ben: Let us talk about dates on packets.",
    )
    assert find_adverts(split_sentences(lines)) == {1, 2, 3}


def test_talk_about_trials_codes_and_money_is_no_advert() -> None:
    lines = said(
        "Ana: The free trial expires in two days and most people never come back to it.",
        "Ana: None of my code goes into the shipping version.",
        "Ana: Gas use drops and the customer has the money back within two winters.",
    )
    assert find_adverts(split_sentences(lines)) == set()


def test_passages_cover_every_sentence_once_and_in_order() -> None:
    for episode in demo_episodes():
        segments = [
            Segment(i * 5000, i * 5000 + 5000, x.text, x.speaker) for i, x in enumerate(episode.lines)
        ]
        sentences = split_sentences(segments)
        passages = mark(sentences)
        covered = [n for p in passages for n in range(p.first_sentence, p.last_sentence + 1)]
        assert covered == list(range(len(sentences)))
        kinds = kinds_of(sentences)
        assert all(kinds[n] == p.kind for p in passages for n in range(p.first_sentence, p.last_sentence + 1))


def test_no_sentences_have_no_passages() -> None:
    assert mark([]) == []


@pytest.mark.needs_shared
def test_sponsor_lines_of_the_synthetic_shows_are_all_found(shared: Callable[[str], Path]) -> None:
    folder = shared("data/e2e-synthetic")
    missed = []
    for truth in sorted((folder / "ground-truth").glob("*.json")):
        name = truth.stem
        script = folder / "transcripts" / f"{name}.txt"
        if not script.exists():
            script = script.with_name(name.replace("_e", "_multi_e") + ".txt")
        spoken = [
            line for line in script.read_text("utf-8").splitlines() if re.match(r"[A-Z][\w .'-]*: \w", line)
        ]
        sentences = split_sentences(said(*spoken[2:]))
        adverts = {sentences[i].first_segment for i in find_adverts(sentences)}
        brands = [b["brand"] for b in json.loads(truth.read_text("utf-8"))["sponsor_blocks"]]
        for i, line in enumerate(spoken[2:]):
            sells = re.search(r"sponsored by|brought to you|Quick aside|friends at|supporting the show", line)
            if (line.startswith("Ad:") or (sells and any(b in line for b in brands))) and i not in adverts:
                missed.append(f"{name}: {line}")
    assert not missed


def test_what_stands_between_a_sponsors_name_and_its_thanks_is_the_advert_however_long() -> None:
    plain = [
        f"It flags the change number {n} before anybody has merged it into the branch." for n in range(18)
    ]
    lines = [
        "Ann: The second edition took us about a year to write.",
        "Ann: This portion of the show is brought to you by Watchtower.",
        *(f"Ann: {line}" for line in plain),
        "Ann: Just visit ourshow.example/watchtower.",
        "Ann: Thank you so much to Watchtower for supporting the show.",
        "Ann: The index was what nobody wanted to write.",
    ]
    assert find_adverts(split_sentences(said(*lines))) == set(range(1, len(lines) - 1))


def test_the_shows_own_club_of_payers_is_an_advert_also_where_both_hosts_chat_about_it() -> None:
    lines = [
        "Ann: Rain fell on ten days of that month.",
        "Ann: We have a membership called Puddle Plus, because we like to add things.",
        "Ann: As we say after each show, Puddle Plus is drier.",
        "Bo: Yes, you do say so.",
        "Ann: I said it in a funny voice back then.",
        "Bo: You sang.",
        "Ann: It is for people who don't want the ad versions of our show.",
        "Ann: Our friend Jo sent us a clip with some praise.",
        "Ann: Hello both, it's Jo, and I am renewing my Puddle Plus membership.",
        "Bo: Rivers rise two days after such a month.",
    ]
    assert find_adverts(split_sentences(said(*lines))) == set(range(1, len(lines) - 1))


def test_a_read_that_only_spells_its_address_is_an_advert() -> None:
    lines = [
        "Ann: Rain fell on ten days of that month.",
        "Ann: Kettlework.",
        "Ann: Discover boiling with Kettlework.",
        "Ann: Start building at kettlework.com, spelled K-E-T-T-L-E.",
        "Bo: Rivers rise two days after such a month.",
    ]
    assert find_adverts(split_sentences(said(*lines))) == {1, 2, 3}


@pytest.mark.parametrize(
    "line",
    [
        "Ann: The union has a membership of two million people.",
        "Ann: He wrote a thesis on how membership in clubs lowers loneliness.",
        "Ann: She wants to become a better swimmer, and reads about it.",
    ],
)
def test_talk_about_members_of_other_things_is_no_advert(line: str) -> None:
    assert find_adverts(split_sentences(said("Ann: Rain fell on ten days.", line))) == set()


def test_a_short_gap_of_the_same_voice_between_two_adverts_belongs_to_them() -> None:
    lines = [
        "Bob: The garden takes an hour a day.",
        "Ann: Get started at ourshow.example/scan.",
        "Ann: Any stack, anywhere.",
        "Ann: And it's brought to you by Agency.",
        "Bob: The garden takes two hours a day in spring.",
    ]
    assert find_adverts(split_sentences(said(*lines))) >= {1, 2, 3}
    assert 4 not in find_adverts(split_sentences(said(*lines)))


def test_an_address_with_a_path_alone_sells_nothing() -> None:
    line = "Ann: The paper is at university.example/rainfall and it took them nine years."
    assert find_adverts(split_sentences(said("Ann: Rain fell on ten days.", line))) == set()


def test_a_guest_who_is_asked_for_a_call_to_action_advertises() -> None:
    lines = [
        "Ann: So rain is measured in a bucket.",
        "Ann: Can you give a call-to-action to the people who listen?",
        "Bob: You should look at our buckets.",
        "Bob: They need no configuration on your part.",
        "Ann: The oldest series is from 1697.",
    ]
    assert find_adverts(split_sentences(said(*lines))) == {1, 2, 3}
