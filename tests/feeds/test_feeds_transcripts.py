"""Publishers' transcripts, in every form they come in."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.errors import KnownError
from earmark.feeds import as_written, choose_transcript, fits, parse_transcript
from earmark.records import Segment, Transcript, TranscriptLink


def read(text: str | bytes, mime: str | None = None, url: str = "https://e.org/t") -> list[Segment]:
    body = text if isinstance(text, bytes) else text.encode()
    return list(parse_transcript(body, mime, url).segments)


def rows(text: str | bytes, **kind: Any) -> list[tuple[int, int, str | None, str]]:
    return [(s.start_ms, s.end_ms, s.speaker, s.text) for s in read(text, **kind)]


def pc20(*segments: dict[str, Any]) -> str:
    return json.dumps({"version": "1.0.0", "segments": segments})


def test_words_with_durations_are_joined_and_told_by_who_began_to_speak() -> None:
    document = {
        "speakers": [
            {"name": "F4", "time": "0.0"},
            {"name": "F3", "time": 2.5},
            5,
            {"name": "x", "time": "nan"},
        ],
        "words": [
            {"name": word, "time": str(at), "duration": "0.40"}
            for at, word in enumerate(["There", "was", "a", "day", "."])
        ],
    }
    assert rows(json.dumps(document)) == [(0, 2400, "F4", "There was a"), (3000, 4400, "F3", "day.")]
    for odd in (
        [{"name": "a", "time": None}],
        [{"name": 5, "time": "1"}],
        [{"name": "a", "time": 1e300}],
        [5],
    ):
        with pytest.raises(KnownError):
            read(json.dumps({"words": odd}))


def test_captions_of_subviewer_are_read() -> None:
    text = "0:00:01.000,0:00:02.500\r\nHello\r\nyou\r\n\r\n0:00:03.000,0:00:04.000\r\nBye\r\n"
    assert rows(text) == [(1000, 2500, None, "Hello you"), (3000, 4000, None, "Bye")]


def test_marks_of_a_quotation_in_markdown_are_no_words() -> None:
    said = "> The first line\n> > and the second,\nwhere 5 > 3"
    want = "The first line and the second, where 5 > 3"
    assert rows(pc20({"startTime": 1, "endTime": 2, "body": said})) == [(1000, 2000, None, want)]
    assert rows(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{said}\n") == [(1000, 2000, None, want)]
    page = f"<time>0:01</time><p>{said.replace('> ', '&gt; ')}</p><time>0:05</time><p>&gt; More</p>"
    assert [row[3] for row in rows(page)] == [want, "More"]
    turns = "1\n00:00:01,000 --> 00:00:02,000\n>> Hello there\n>> Good day\n"
    assert [row[3] for row in rows(turns)] == ["Hello there", "Good day"]


def test_a_voice_that_speaks_over_another_is_the_same_voice() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v S01>Yes.\n\n00:02.000 --> 00:03.000\n<v //S02>No.\n"
    assert [speaker for _, _, speaker, _ in rows(text)] == ["S01", "S02"]


@pytest.mark.parametrize(
    ("words", "end_ms", "duration_ms", "reason"),
    [
        (300, 120_000, None, None),
        (300, 2_000, None, "nobody speaks that fast"),
        (99, 2_000, None, None),
        (300, 2_000, 2_000, "nobody speaks that fast"),
        (300, 0, None, "nobody speaks that fast"),
    ],
)
def test_times_have_to_leave_time_for_the_words(
    words: int, end_ms: int, duration_ms: int | None, reason: str | None
) -> None:
    told = fits(Transcript("publisher", (Segment(0, end_ms, "word " * words),)), duration_ms)
    assert told is None if reason is None else reason in (told or "")


# ---- JSON -------------------------------------------------------------------------------------------


def test_one_json_segment_a_sentence_stays_one_and_entities_are_read_once() -> None:
    text = pc20(
        {"speaker": "Ann", "startTime": 0.5, "endTime": 2.25, "body": "She said &quot;it&#39;s&quot; fine."},
        {"speaker": "Ann", "startTime": 2.25, "endTime": 3, "body": "Write &amp;lt; for less."},
        {"startTime": 3, "endTime": 4, "body": "Yes."},
    )
    assert rows(text) == [
        (500, 2250, "Ann", 'She said "it\'s" fine.'),
        (2250, 3000, "Ann", "Write &lt; for less."),
        (3000, 4000, None, "Yes."),
    ]


def test_one_json_segment_a_word_becomes_one_a_sentence_and_speaker() -> None:
    said = [
        ("Ann", "I"),
        ("Ann", "am"),
        ("Ann", "here"),
        ("Ann", "."),
        ("Ann", "No"),
        ("Ann", "no"),
        ("Bob", "Oh"),
    ]
    words = [
        {"speaker": who, "startTime": n, "endTime": n + 0.5, "body": w} for n, (who, w) in enumerate(said)
    ]
    assert rows(pc20(*words)) == [
        (0, 3500, "Ann", "I am here."),
        (4000, 5500, "Ann", "No no"),
        (6000, 6500, "Bob", "Oh"),
    ]


def test_joined_words_span_thirty_seconds_at_most_and_no_pause() -> None:
    words = [{"startTime": n * 0.5, "endTime": n * 0.5 + 0.4, "body": f"w{n}"} for n in range(200)]
    later = [{"startTime": 200 + n, "endTime": 200.5 + n, "body": "x"} for n in range(2)]
    joined = read(pc20(*words, *later))
    assert max(s.end_ms - s.start_ms for s in joined) <= 30_000
    assert joined[-1].text == "x x"
    assert " ".join(s.text for s in joined).split() == [w["body"] for w in words + later]


def test_rows_that_make_no_sense_are_left_out() -> None:
    odd: list[Any] = [
        {"startTime": "0.5", "endTime": "NaN", "body": "as text", "speaker": ["A"]},
        {"startTime": None, "body": "x"}, {"startTime": True, "body": "x"}, {"startTime": 1e9, "body": "x"},
        {"startTime": float("nan"), "body": "x"}, {"startTime": 2, "body": ["x"]}, {"startTime": 3}, 42, None,
        {"startTime": 4, "endTime": 1, "body": "ends before it starts"}, {"startTime": 5, "body": " "},
    ]  # fmt: skip
    assert rows(json.dumps({"segments": odd})) == [
        (500, 500, None, "as text"),
        (4000, 4000, None, "ends before it starts"),
    ]


@pytest.mark.parametrize(
    "document",
    [
        [{"startTime": 1, "endTime": 2, "body": "hello there"}],
        {"segments": [{"start": 1.0, "end": 2.0, "text": " hello there"}]},
        {"transcripts": [{"start": "00:00:01.000", "start_ms": 1000, "end_ms": 2000, "text": "hello there"}]},
    ],
    ids=["bare list", "Whisper", "Podlove"],
)
def test_relatives_of_the_json_form_are_read(document: Any) -> None:
    assert rows(json.dumps(document)) == [(1000, 2000, None, "hello there")]


# ---- captions ---------------------------------------------------------------------------------------


def test_webvtt_with_voices_notes_settings_and_styles() -> None:
    text = """WEBVTT - title
Kind: captions
Language: en-GB

STYLE
::cue(v[voice="Ann"]) { color: red }

NOTE a comment
over two lines

intro
00:00.000 --> 00:02.000 align:start position:0%
<v Ann>Hello <i>there</i></v>

00:00:02.000 --> 00:00:04.000
<v.loud Bob O'Neil>Hi &amp; welcome &lt;3<00:00:03.000><c> friend</c>

00:04.000 --> 00:06.000
<v Ann>One</v> <v Bob>Two</v>
"""
    assert parse_transcript(text.encode(), None, "t").language == "en-gb"
    assert rows(text) == [
        (0, 2000, "Ann", "Hello there"),
        (2000, 4000, "Bob O'Neil", "Hi & welcome <3 friend"),
        (4000, 5000, "Ann", "One"),
        (5000, 6000, "Bob", "Two"),
    ]


SRT = """1
00:00:01,000 --> 00:00:02,500
Travis: When you first
get started

2
00:00:02,500 --> 00:00:04,000
you make mistakes.

3
00:00:04,000 --> 00:00:06,000
Dr. Sarah Q: Right.
Travis: Here is the rule: never stop.

4
00:00:06,000 --> 00:00:08,000
Dr. Sarah Q: Note: that is it.
"""
SRT_ROWS = [
    (1000, 2500, "Travis", "When you first get started"),
    (2500, 4000, "Travis", "you make mistakes."),
    (4000, 4342, "Dr. Sarah Q", "Right."),
    (4342, 6000, "Travis", "Here is the rule: never stop."),
    (6000, 8000, "Dr. Sarah Q", "Note: that is it."),
]


@pytest.mark.parametrize(
    "text",
    [
        SRT,
        SRT.replace("\n", "\r\n"),
        SRT.replace("\n", "\r"),
        "\ufeff\n" + SRT,
        SRT.replace(",000", ".000").replace(",500", ".5"),
        SRT.replace("00:00:0", "0:0"),
        SRT.replace("\n\n", "\n"),
        "".join(line for line in SRT.splitlines(keepends=True) if not line.strip().isdigit()),
    ],
    ids=["plain", "crlf", "cr", "bom", "points", "short times", "no empty lines", "no numbers"],
)
def test_subrip_with_names_where_the_speaker_changes(text: str) -> None:
    assert rows(text) == SRT_ROWS


@pytest.mark.parametrize("code", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_every_encoding_that_publishers_use_is_read(code: str) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nCafé — “hi”\n"
    assert rows(text.encode(code)) == [(1000, 2000, None, "Café — “hi”")]


def test_a_colon_makes_no_speaker_of_an_ordinary_word() -> None:
    text = """WEBVTT

00:01.000 --> 00:02.000
Here is the thing: it works.

00:02.000 --> 00:03.000
Remember: once is no rule.

00:03.000 --> 00:04.000
- Ann: one
- Bob: two
"""
    assert rows(text) == [
        (1000, 2000, None, "Here is the thing: it works."),
        (2000, 3000, None, "Remember: once is no rule."),
        (3000, 3500, "Ann", "one"),
        (3500, 4000, "Bob", "two"),
    ]


def test_arrows_of_television_mark_a_turn_without_a_name() -> None:
    cue = "00:0{0}.000 --> 00:0{1}.000\n{2}\n\n"
    text = "WEBVTT\n\n" + cue.format(1, 2, "&gt;&gt; ANN: Hello.") + cue.format(2, 3, "&gt;&gt; Who is it?")
    assert rows(text) == [(1000, 2000, "ANN", "Hello."), (2000, 3000, None, "Who is it?")]


def test_only_caption_markup_is_taken_out() -> None:
    words = "<font color='#fff'><b>If</b></font> x</transcript> < 3<br/>{\\an8}then"
    assert rows(f"1\n00:00:01,000 --> 00:00:02,000\n{words}\n")[0][3] == "If x</transcript> < 3 then"


def test_rolling_captions_say_each_line_once() -> None:
    text = """WEBVTT

00:01.000 --> 00:02.000
this<00:01.500><c> will</c>

00:02.000 --> 00:02.010
this will

00:02.010 --> 00:03.000
this will
happen<00:02.500><c> soon</c>
"""
    assert [s.text for s in read(text)] == ["this will", "happen soon"]


def test_rolling_captions_that_lost_their_marks_say_each_line_once() -> None:
    said = ["hello there", "how are you", "fine thanks", "and you", "fine"]
    cues, at = [], 0
    for number, line in enumerate(said):
        before = f"{said[number - 1]}\n" if number else ""
        cues.append((at, at + 1990, before + line))
        cues.append((at + 1990, at + 2000, line))
        at += 2000
    text = "".join(
        f"{n}\n00:00:{a // 1000:02},{a % 1000:03} --> 00:00:{b // 1000:02},{b % 1000:03}\n{words}\n\n"
        for n, (a, b, words) in enumerate(cues, start=1)
    )
    assert [words for _, _, _, words in rows(text)] == said


def test_a_chorus_is_said_as_often_as_it_is_sung() -> None:
    lines = ["la la la", "la la la", "I sing", "la la la", "la la la", "You sing", "We sing", "They sing"]
    text = "".join(f"{n}\n00:00:{n:02},000 --> 00:00:{n:02},500\n{line}\n\n" for n, line in enumerate(lines))
    assert [words for _, _, _, words in rows(text)] == lines


def test_a_cue_that_repeats_the_one_before_is_dropped_but_a_word_said_twice_is_not() -> None:
    cue = "00:0{0}.000 --> 00:0{1}.000\n{2}\n\n"
    said = ["we all agree", "we all agree", "No.", "No."]
    text = "WEBVTT\n\n" + "".join(cue.format(n, n + 1, words) for n, words in enumerate(said))
    assert [(s.end_ms, s.text) for s in read(text)] == [(2000, "we all agree"), (3000, "No."), (4000, "No.")]


def test_cues_are_put_in_order_and_senseless_times_are_left_out() -> None:
    text = """1
00:00:05,000 --> 00:00:01,000
reversed

2
-00:00:01,000 --> 00:00:02,000
negative

3
00:00:01,500 --> 00:00:09,000
early

4
999:00:00,000 --> 999:00:01,000
far away
"""
    assert rows(text) == [(1500, 9000, None, "early"), (5000, 5000, None, "reversed")]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 10**7), st.integers(0, 10**5), st.sampled_from(["a b c", "Yes, well.", "d e"])
        ),
        max_size=9,
    )
)
def test_what_was_written_as_captions_is_read_back(cues: list[tuple[int, int, str]]) -> None:
    def clock(ms: int) -> str:
        return f"{ms // 3600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"

    wanted, at_ms = [], 0
    for gap_ms, length_ms, words in cues:
        start_ms = at_ms + gap_ms + 101
        at_ms = start_ms + length_ms
        wanted.append((start_ms, at_ms, None, words))
    text = "WEBVTT\n\n" + "\n".join(f"{clock(a)} --> {clock(b)}\n{words}\n" for a, b, _, words in wanted)
    if wanted:
        assert rows(text) == wanted


# ---- pages ------------------------------------------------------------------------------------------


def test_a_page_in_the_standard_s_form() -> None:
    text = """<cite>Travis:</cite><time>0:00</time><p>It&#39;s &amp;amp; guaranteed.</p>
    <cite>Sarah:</cite><time>0:53</time><p>Good <b>audio</b><br>is key.</p><p>Really.</p>"""
    assert rows(text) == [
        (0, 53_000, "Travis", "It's &amp; guaranteed."),
        (53_000, 55_000, "Sarah", "Good audio is key. Really."),
    ]


def test_a_page_with_times_inside_its_paragraphs() -> None:
    text = """<!doctype html><html><head><title>0:01 no</title><style>p{}</style></head>
    <body><h1>Transcript</h1>
    <script>var a = "<p>0:01 no</p>";</script><p><time>00:00:05</time> <cite>Ann</cite> Hello there.</p>
    <p>[00:01:00] Goodbye now.</p></body></html>"""
    assert rows(text) == [(5000, 60_000, "Ann", "Hello there."), (60_000, 61_000, "Ann", "Goodbye now.")]


def test_a_page_without_times_is_no_transcript() -> None:
    for page in ("<html><body>Not found</body></html>", "<p>words and words</p>"):
        with pytest.raises(KnownError, match="no words with times"):
            read(page)


# ---- all --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "mime"),
    [
        (b"", "text/vtt"), (b"", None), (b"WEBVTT\n", None), (b"{}", None), (b"[" * 100_000, None),
        (b"{", None),
        (b'{"segments": 5}', None), (b'{"segments": [' + b"1," * 9 + b"1]}", None), (b"\x89PNG\r\n", None),
        (b"%PDF-1.7", "application/pdf"), (b"just words", "text/plain"),
        (b'{"segments":[{"startTime":' + b"9" * 9000, None),
        (b"x" * (33 * 2**20), "text/vtt"), (b"\xff\xfe\x00", "application/srt"),
    ],
)  # fmt: skip
def test_what_is_of_no_use_is_refused_in_plain_words(body: bytes, mime: str | None) -> None:
    with pytest.raises(KnownError):
        read(body, mime=mime)


def test_what_a_file_looks_like_counts_more_than_what_it_is_called() -> None:
    for mime in ("application/json", "text/html", "text/plain", None):
        assert rows(SRT, mime=mime) == SRT_ROWS


def test_hostile_bulk_ends_soon() -> None:
    began = time.perf_counter()
    for piece in (
        "<p>", "<p", "<", "</p><cite>", "<time>0:00</time><p>x", "<!--", "<p>0:00 ", "&#39;",
        "00:00 --> 00:01\n", "00:00 --> 00:01\nA: b\n\n", "<v A>", "<v ", "{\\", "a:", "--> ", "\n\n",
    ):  # fmt: skip
        for start in ("<html>", "WEBVTT\n\n00:00 --> 00:01\n"):
            try:
                read(start + piece * (1_000_000 // len(piece)))
            except KnownError:
                continue
    assert time.perf_counter() - began < 60


def test_texts_hold_no_control_characters() -> None:
    (segment,) = read(
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v A\x00\u202enn>a\x00b\x1b[31m\u202ec &#0;&#x202e;d\n"
    )
    assert (segment.speaker, segment.text.isprintable()) == ("Ann", True)


def link(name: str, mime: str = "", language: str | None = None) -> TranscriptLink:
    return TranscriptLink(f"https://e.org/{name}", mime, language)


def test_the_format_that_carries_most_is_tried_first() -> None:
    offered = [
        link("a", "text/html"), link("b.srt?x=1"), link("c", "text/vtt; charset=utf-8"),
        link("c", "text/vtt"),
        link("d", "application/pdf"), link("e", "text/plain"), link("f", "application/json"),
    ]  # fmt: skip
    assert [found.url[-1] if "srt" not in found.url else "b" for found in choose_transcript(offered)] == list(
        "fcbea"
    )


def test_the_episode_s_own_language_goes_before_the_format() -> None:
    offered = [link("de.json", language="de"), link("en.srt", language="en-US"), link("any.html")]
    assert [found.url[14:] for found in choose_transcript(offered, "en_GB")] == [
        "en.srt",
        "any.html",
        "de.json",
    ]
    assert choose_transcript(offered)[0].url.endswith("de.json")


@pytest.mark.parametrize(
    ("end_ms", "duration_ms", "fitting"),
    [(3_600_000, 3_600_000, True), (3_600_000, None, True), (3_000_000, 3_600_000, True),
     (3_900_000, 3_600_000, True),
     (5_000_000, 3_600_000, False), (1_000_000, 3_600_000, False), (60_000, 30_000, True)],
)  # fmt: skip
def test_a_transcript_fits_an_episode_of_about_its_length(
    end_ms: int, duration_ms: int | None, fitting: bool
) -> None:
    reason = fits(Transcript("publisher", (Segment(0, end_ms, "x"),)), duration_ms)
    assert (reason is None) == fitting


def test_a_quotation_is_given_back_as_its_file_has_it() -> None:
    body = pc20(
        {"startTime": 0, "endTime": 1, "body": "It&#39;s  fine"}, {"startTime": 1, "body": "now"}
    ).encode()
    assert as_written(body, "It's fine now") == "It&#39;s  fine now"
    assert as_written(body, "not there") == "not there"
    assert as_written(b"[1, null]", "x") == "x"


@pytest.mark.needs_shared
@pytest.mark.parametrize(
    "folder", ["data/transcript-formats", "data/hostile/transcripts", "insightbench/episodes"]
)
def test_every_transcript_of_the_suites_has_segments_or_a_plain_refusal(
    shared: Callable[[str], Path], folder: str
) -> None:
    read_files = 0
    for path in sorted(shared(folder).rglob("*")):
        if not path.is_file():
            continue
        try:
            segments = read(path.read_bytes(), url=path.name)
        except KnownError:
            continue
        read_files += 1
        for segment in segments:
            assert segment.text.encode()
            assert 0 <= segment.start_ms <= segment.end_ms
        assert [s.start_ms for s in segments] == sorted(s.start_ms for s in segments)
    assert read_files >= 8


@pytest.mark.needs_shared
def test_bench_transcripts_keep_their_segments_one_to_one(shared: Callable[[str], Path]) -> None:
    for path in sorted(shared("insightbench/episodes").glob("*.transcript.json")):
        given_rows = json.loads(path.read_text(encoding="utf-8"))["segments"]
        assert len(read(path.read_bytes())) == len(given_rows), path.name


@pytest.mark.needs_shared
def test_the_standard_s_own_examples(shared: Callable[[str], Path]) -> None:
    folder = shared("data/transcript-formats/podcast-namespace")
    assert rows((folder / "transcripts_example.json").read_bytes()) == [
        (500, 2500, "Darth Vader", "I am your father."),
        (2750, 3000, "Luke", "Nooooo"),
    ]
    html = read((folder / "transcripts_example.html").read_bytes())
    assert [html[0].speaker, html[1].speaker, html[1].start_ms] == ["Travis", "Sarah", 53_000]
    srt = read((folder / "transcripts_example.srt").read_bytes())
    assert len(srt) == 222
    assert {"Travis", "Sarah", "Gilon"} <= {segment.speaker for segment in srt}
    vtt = read((folder / "transcripts_example.vtt").read_bytes())
    assert {segment.speaker for segment in vtt} == {"Sarah", "Gillian"}
