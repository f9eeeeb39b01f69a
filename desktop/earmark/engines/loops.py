"""What speech models write that nobody said: loops of the same words, and lines learned from subtitles.

whisper.cpp#1724, vibe#622 and buzz#379 show both. A loop is heard again at a higher temperature; what stays
of it is cut. The known lines are things that people do say, so they are dropped only where nobody was heard.
"""

import re
import zlib
from collections.abc import Sequence
from dataclasses import replace

from earmark.records import Segment

_MOST_REPEATS = 3
_LOOP_WORDS = 24
_LONGEST_PHRASE = 8
_PACKED_TOO_WELL = 2.4
"""Text that zlib makes smaller than by this much repeats itself (openai/whisper, `transcribe.py`)."""
_PACKED_FROM_BYTES = 120
_GHOSTS = frozenset(
    """
    thanks for watching
    thank you for watching
    thank you so much for watching
    please subscribe
    please like and subscribe
    like and subscribe
    don t forget to like and subscribe
    see you in the next video
    subtitles by the amara org community
    transcription by castingwords
    subs by www zeoranger co uk
    untertitel der amara org community
    untertitelung des zdf 2020
    untertitel im auftrag des zdf für funk 2017
    vielen dank fürs zuschauen
    sous titres réalisés par la communauté d amara org
    sous titrage st 501
    merci d avoir regardé cette vidéo
    subtítulos realizados por la comunidad de amara org
    gracias por ver el video
    legendas pela comunidade amara org
    sottotitoli creati dalla comunità amara org
    napisy stworzone przez społeczność amara org
    ondertitels ingediend door de amara org gemeenschap
    субтитры сделал dimatorzok
    редактор субтитров а семкин корректор а егорова
    продолжение следует
    altyazı m k
    ご視聴ありがとうございました
    字幕by索兰娅
    请不吝点赞 订阅 转发 打赏支持明镜与点点栏目
    시청해주셔서 감사합니다
    """.strip().split("\n    ")
)


def is_ghost(text: str) -> bool:
    """Is this a line that speech models are known to write into silence?

    >>> is_ghost(" Thanks for watching!"), is_ghost("Thanks for watching the children.")
    (True, False)
    """
    return _plain(text) in _GHOSTS


def is_looped(segments: Sequence[Segment]) -> bool:
    """Does this window's text go round in circles? Three equal segments, a phrase that fills most of it, or
    text that packs far too well."""
    text = " ".join(segment.text for segment in segments)
    data = text.encode()
    if len(data) >= _PACKED_FROM_BYTES and len(data) / len(zlib.compress(data)) > _PACKED_TOO_WELL:
        return True
    return cut_loops(segments) != list(segments) or _cut_loop(text) != text


def cut_loops(segments: Sequence[Segment]) -> list[Segment]:
    """Leave out what a recognizer repeats when it is caught in a loop.

    At most three equal segments in a row stay; within a segment, a run of the same few words is cut to one.
    """
    kept: list[Segment] = []
    repeats = 0
    for segment in segments:
        text = _cut_loop(segment.text)
        if text != segment.text:
            segment = replace(segment, text=text, word_ms=(), doubts=())
        same = bool(kept) and _plain(kept[-1].text) == _plain(segment.text)
        repeats = repeats + 1 if same else 1
        if repeats <= _MOST_REPEATS:
            kept.append(segment)
    return kept


def _cut_loop(text: str) -> str:
    """`text` up to and with the first of a phrase of 1 to 8 words that fills most of the rest."""
    words = text.split()
    if len(words) < _LOOP_WORDS:
        return text
    for length in range(1, _LONGEST_PHRASE + 1):
        for start in range(len(words) - _LOOP_WORDS + 1):
            phrase = words[start : start + length]
            end = start + length
            while words[end : end + length] == phrase:
                end += length
            if end - start >= max(_LOOP_WORDS, 4 * length):
                return " ".join([*words[: start + length], *words[end:]])
    return text


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
