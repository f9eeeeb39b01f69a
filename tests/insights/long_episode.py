"""A transcript of any length, made of the sample episodes' sentences: the same for the same seed."""

import random
import re

from earmark.demo import demo_episodes
from earmark.records import Segment, Transcript

WORDS_AN_HOUR = 9000


def long_transcript(words: int, seed: int = 1) -> Transcript:
    """At least `words` words at the speed of an hour for 9,000, no two stretches of it alike.

    Every sentence of talk comes in a new order each time round, with numbers of its own, so that a memory
    for texts helps nobody; an advert stands once in twenty minutes.
    """
    draw = random.Random(seed)
    lines = [line for episode in demo_episodes() for line in episode.lines]
    talk = [line.text for line in lines if line.kind == "talk"]
    adverts = [[line.text for line in e.lines if line.kind == "ad"] for e in demo_episodes()]
    segments: list[Segment] = []
    spoken = advert_at = 0
    while spoken < words:
        for text in draw.sample(talk, len(talk)):
            said = [re.sub(r"\b\d{1,3}\b", lambda _: str(draw.randrange(2, 900)), text)]
            if spoken - advert_at > WORDS_AN_HOUR // 3:
                said, advert_at = draw.choice(adverts), spoken
            for sentence in said:
                count = len(sentence.split())
                times = [round(at * 3_600_000 / WORDS_AN_HOUR) for at in (spoken, spoken + count)]
                segments.append(Segment(times[0], times[1], sentence, "Ann"))
                spoken += count
            if spoken >= words:
                break
    return Transcript("publisher", tuple(segments), language="en")
