"""Text that nobody said to a listener: recognisers' loops and ghosts, and orders to a machine.

A recogniser that hears music or silence writes the closing lines of the videos it learned from, or the same
words again and again. And a transcript is written by strangers: a line in it may be meant for the model that
reads it, not for people. All of it is left out before anything is scored, so that it changes nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from earmark.insights.sentences import Sentence
from earmark.insights.words import folded, words
from earmark.records import Segment

_GHOSTS = (
    r"thank(?:s| you)(?: (?:so|very) much)? for watching",
    r"(?:please )?(?:like|subscribe) (?:and|to) .{0,40}(?:channel|video)s?",
    r"(?:subtitles?|captions?|transcri(?:bed|ption|pts?)|translat(?:ed|ion)) (?:by|made)\b.{0,60}",
    r".{0,30}\bamara\.org\b.{0,30}",
    r"see you in the next video",
    r"untertitel .{0,60}",
    r"subtítulos .{0,60}",
    r"[♪♫ ]+",
    r"\W*(?:music|applause|silence)\W*",
    r"you",
    r"bye[.! ]*bye",
)
"""What recognisers write when nobody speaks: the closing lines of the videos that they learned from."""
_CONTROL = (
    r"<\|[^|>]{1,40}\|>",
    r"</?s>",
    r"\[/?INST\]",
    r"<</?SYS>>",
    r"</?(?:start|end)_of_turn>",
    r"</?(?:system|assistant|user|tool|instructions?|prompt)>",
    r"<(?:bos|eos)>",
    r"^\W*(?:###\s*)?(?:system|assistant|user|instruction|developer)\s*:",
    r"###\s*(?:system|instructions?|response|answer)",
    r"\{\s*\"(?:insights?|headline|text|worth|sentences)\"",
)
"""Words that steer a model when they are not read as plain text."""
_RULES = r"(?:instructions?|prompts?|rules?|directions?|guidelines|commands?|messages?|context|training)"
_MACHINE = (
    r"(?:AI|A\.I\.|L\.?L\.?M\.?|language model|chat ?bot|chatgpt|gpt(?:-?\d)?|assistant|summari[sz]er|bot"
    r"|algorithm|model|machine|ranker|program|software|system|agent)s?"
)
_ANSWER = r"(?:summary|card|answer|output|response|headline|insights?|reply)"
_ORDERS = (
    rf"\b(?:ignore|disregard|forget|override|bypass|skip)\b.{{0,40}}\b(?:previous|prior|above|earlier"
    rf"|preceding|all|any|your|other|these|the)\b.{{0,25}}\b{_RULES}\b",
    r"\b(?:you are|you're|act as|pretend to be|behave as|as) (?:now )?(?:an?|the|my) (?:[\w-]+ ){0,3}"
    r"(?:AI|LLM|language model|chat ?bot|assistant|summari[sz]er|DAN)\b",
    r"\b(?:note|message|attention|instructions?|notice|reminder|hint|warning|dear|hey|hello) "
    rf"(?:to|for)?[ ,:]*(?:the |any |all |every )?(?:[\w-]+ )?{_MACHINE}\b\W",
    rf"\b(?:if|when|while|whenever|before) (?:you are|you're|you) (?:an? )?(?:{_MACHINE}|summari[sz]e|read"
    r"|process|rank|extract|generate|write|output|(?:summari[sz]|read|process|rank|extract|writ)ing)\b.{0,80}\b(?:say|write|output|print|include|rank|put|add"
    r"|reply|respond|answer|return|mention|state|rate|score|give|mark)\b",
    r"\b(?:rank|rate|score|grade) (?:this|that|the (?:following|next|above)|it|me|my|our)\b.{0,50}\b(?:first"
    r"|highest|top|number one|best|above all|with (?:a )?(?:3|three|10|ten)|maximum|as (?:3|three|10|ten))\b",
    r"\b(?:put|place|list|show) (?:this|the (?:following|next|above)) (?:\w+ ){0,3}(?:first|on top)"
    r"\b|\bmark (?:this|the (?:following|next|above)) (?:\w+ ){0,4}as (?:an? )?(?:ad|advert|insight)\b",
    r"\b(?:respond|reply|answer|output|print|return|emit) (?:only|just|exactly|back|nothing|in json|json"
    r"|with (?:only|nothing|exactly|the (?:word|phrase|following|text)))\b",
    r"\b(?:write|say) (?:only|exactly|nothing but) (?:the (?:word|phrase|following|text)|[\"“'])",
    rf"\b(?:your {_ANSWER}|the (?:summary|headline|card))s? (?:must|should|shall|has to|needs? to)\b",
    rf"\b(?:in|into) your {_ANSWER}\b",
    r"\b(?:system|hidden|developer|secret|new|updated) (?:prompt|instructions?|directives?|orders?)\b",
    r"\bprompt injection\b|\bjail ?break\b|\bdo anything now\b",
    r"\bend of (?:the )?(?:transcript|input|prompt)\b",
    r"\b(?:reveal|repeat|print|show) your (?:instructions|prompt|rules|system)\b",
    r"\b(?:run|execute) (?:the |this )?(?:command|tool)\b",
    r"\bset (?:the )?(?:worth|quality|score|grade|rank) (?:to|of|=)",
)
_GHOST = re.compile(rf"^\W*(?:{'|'.join(_GHOSTS)})\W*$", re.I)
_ORDER = re.compile("|".join((*_CONTROL, *_ORDERS)), re.I)
_REPEATS = 3
_REACH = 6
_NOBODY = "\0nobody"
_LONG = 600
"""Characters from which a segment holds more than an order: some transcripts are one segment."""


def find_noise(sentences: Sequence[Sentence]) -> set[int]:
    """Numbers of the sentences that are loops, ghosts, or orders to whoever reads with a machine."""
    found = {
        i for i, s in enumerate(sentences) if _GHOST.match(s.text) or is_order(s.text) or _circles(s.text)
    }
    return found | _repeated(sentences)


def set_apart(segments: Sequence[Segment]) -> list[Segment]:
    """The segments, those that hold an order under a speaker of their own: without a full stop they would be
    joined to the sentences beside them."""
    return [replace(s, speaker=_NOBODY) if is_order(s.text) and len(s.text) < _LONG else s for s in segments]


def is_order(text: str) -> bool:
    """Whether a sentence speaks to a language model, or holds the control words of one."""
    return bool(_ORDER.search(text))


def _circles(text: str) -> bool:
    """Whether a sentence repeats a few words over and over."""
    said = words(text)
    if len(said) < 12:
        return False
    for size in (1, 2, 3, 4, 5, 6):
        runs = sum(
            said[i : i + size] == said[i + size : i + 2 * size] for i in range(len(said) - 2 * size + 1)
        )
        if runs >= max(6, 0.5 * len(said)):
            return True
    return False


def _repeated(sentences: Sequence[Sentence]) -> set[int]:
    """Sentences of four words and more that come again and again within a few others."""
    plain = [folded(s.text) for s in sentences]
    last: dict[str, list[int]] = {}
    found: set[int] = set()
    for i, text in enumerate(plain):
        if len(text.split()) < 4:
            continue
        places = [k for k in last.get(text, []) if i - k <= _REACH * _REPEATS] + [i]
        last[text] = places
        if len(places) >= _REPEATS:
            found |= set(places)
    return found
