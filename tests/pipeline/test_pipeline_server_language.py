"""The language model of the user's own server: what it is asked, and what is made of its answers."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from own_server import (
    CHAT,
    Asked,
    Own,
    Send,
    chat,
    hangs,
    leads_to,
    models,
    own_server,
    refuses,
    says,
    sends,
    sends_100_mb,
)

from earmark.engines import Language
from earmark.errors import Cancelled, KnownError
from earmark.insights import LanguageModel
from earmark.net import Door, ServerAway
from earmark.paths import Paths
from earmark.pipeline.servers import OwnServer, ServerLanguage
from earmark.pipeline.servers.tokens import guessed_tokens

CARD = {"headline": "Cold washing is enough", "text": "It is.", "sentences": [1]}
SYSTEM, PROMPT = "You put into one sentence.", "[1] The power bill fell by 31 percent."


@pytest.fixture
def own() -> Iterator[Own]:
    with own_server(models=models("qwen", maker="library"), chat=chat(json.dumps(CARD))) as server:
        yield server


def silent(*_: object) -> None:
    """Nobody keeps the list of requests."""


def language_on(own: Own, folder: Path, model: str | None = "qwen") -> ServerLanguage:
    """A language model on `own`, with our own engines beside it that nobody starts."""
    door = Door(user_agent="Earmark/test", log=silent)
    return ServerLanguage(Paths(folder), OwnServer(door, own.address, "language"), model, tier="short")


@pytest.fixture
def model(own: Own, tmp_path: Path) -> ServerLanguage:
    return language_on(own, tmp_path)


def write(model: ServerLanguage) -> str:
    return model.write(SYSTEM, PROMPT, "short", 200)


def test_it_has_the_face_that_extraction_asks_for(model: ServerLanguage) -> None:
    face: LanguageModel = model
    assert (face.model_id, face.tier) == ("qwen", "short")
    assert face.embedding_model_id == Language.embedding_model_id


def test_it_is_asked_greedily_for_our_form_with_our_words(model: ServerLanguage, own: Own) -> None:
    assert json.loads(write(model)) == CARD
    assert own.paths() == ["/v1/models", CHAT]
    asked = own.posted(CHAT)[0].json
    assert asked["model"] == "qwen"
    assert (asked["temperature"], asked["max_tokens"], asked["stream"]) == (0, 200, False)
    assert asked["messages"] == [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": PROMPT},
    ]
    form = asked["response_format"]["json_schema"]
    assert form["strict"]
    assert form["schema"]["required"] == ["headline", "text", "sentences"]
    assert (model.usage.tokens_read, model.usage.tokens_written) == (300, 40)


def takes_only(form: str, status: str = "400 Bad Request") -> Any:
    """A server that takes one `response_format` and refuses the others."""

    def answer(own: Own, asked: Asked, send: Send) -> None:
        given = asked.json.get("response_format", {"type": "text"})["type"]
        behaviour = (
            chat(f"Sure:\n```json\n{json.dumps(CARD)}\n```") if given == form else refuses(status, "no")
        )
        behaviour(own, asked, send)

    return answer


@pytest.mark.parametrize("status", ["400 Bad Request", "422 No", "500 Internal Server Error"])
@pytest.mark.parametrize(("form", "tries"), [("json_schema", 1), ("json_object", 2), ("text", 3)])
def test_the_form_that_a_server_takes_is_found_once_and_kept(
    model: ServerLanguage, own: Own, form: str, tries: int, status: str
) -> None:
    own.behaviours[CHAT] = takes_only(form, status)
    assert json.loads(write(model)) == CARD
    assert len(own.posted(CHAT)) == tries
    write(model)
    assert len(own.posted(CHAT)) == tries + 1


@pytest.mark.parametrize("maker", ["llamacpp", "vllm"])
def test_a_model_that_thinks_first_is_told_not_to_where_that_is_taken(
    model: ServerLanguage, own: Own, maker: str
) -> None:
    own.behaviours["/v1/models"] = models("qwen", maker=maker)
    write(model)
    assert own.posted(CHAT)[0].json["chat_template_kwargs"] == {"enable_thinking": False}

    def refuse_that(own: Own, asked: Asked, send: Send) -> None:
        known = "chat_template_kwargs" not in asked.json
        (chat(json.dumps(CARD)) if known else refuses("400 Bad Request"))(own, asked, send)

    own.behaviours[CHAT] = refuse_that
    model.server.way.number, model.server.way.holds = 0, False
    assert json.loads(write(model)) == CARD
    assert own.posted(CHAT)[-1].json["response_format"]["type"] == "json_schema"


def test_what_one_face_of_a_server_found_out_another_one_knows(
    model: ServerLanguage, own: Own, tmp_path: Path
) -> None:
    own.behaviours[CHAT] = takes_only("text")
    write(model)
    assert len(own.posted(CHAT)) == 3
    other = ServerLanguage(Paths(tmp_path), model.server, "qwen", tier="full")
    write(other)
    assert len(own.posted(CHAT)) == 4


def test_a_server_that_is_not_held_to_a_form_is_shown_it(model: ServerLanguage, own: Own) -> None:
    own.behaviours[CHAT] = takes_only("text")
    write(model)
    shown = own.posted(CHAT)[-1].json["messages"][0]["content"]
    assert shown.startswith(SYSTEM)
    assert '{"headline": "...", "text": "...", "sentences": [1]}' in shown


def test_a_server_that_ignores_the_form_is_asked_in_the_next_one(model: ServerLanguage, own: Own) -> None:
    answers = iter([chat("Here is my view of it."), chat(json.dumps(CARD))])
    own.behaviours[CHAT] = lambda own, asked, send: next(answers)(own, asked, send)
    assert json.loads(write(model)) == CARD
    assert own.posted(CHAT)[-1].json["response_format"]["type"] == "json_object"


@pytest.mark.parametrize(
    "said",
    [
        "<think>Is it {worth} a card?</think>\n" + json.dumps(CARD),
        "Sure!\n```json\n" + json.dumps(CARD) + "\n```\nAnything else?",
        json.dumps(CARD) + json.dumps({"headline": "another"}),
    ],
)
def test_what_stands_around_the_first_card_is_left_out(model: ServerLanguage, own: Own, said: str) -> None:
    own.behaviours[CHAT] = chat(said)
    assert json.loads(write(model)) == CARD


@pytest.mark.parametrize("said", ["", "no JSON", '{"headline": "Cut', '{"a": [{"headline": "x"}, {"he'])
def test_an_answer_that_is_cut_or_no_json_is_no_card_as_with_the_engine_here(
    model: ServerLanguage, own: Own, said: str
) -> None:
    own.behaviours[CHAT] = chat(said, finish="length")
    answer = write(model)
    assert answer == said
    with pytest.raises(ValueError):
        json.loads(answer)
    assert len(own.posted(CHAT)) == 1


def test_control_signs_in_an_answer_come_out_as_spaces(model: ServerLanguage, own: Own) -> None:
    own.behaviours[CHAT] = chat('{"headline": "a\\u0000b\\ud800c\\u202ed"}')
    assert json.loads(write(model)) == {"headline": "a b c d"}


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (refuses("401 Unauthorized"), "does not let Earmark in .answer 401.*http://KEY@HOST"),
        (refuses("403 Forbidden"), "does not let Earmark in"),
        (refuses("404 Not Found", "File Not Found"), "nothing at this address .answer 404.*File Not Found"),
        (refuses("500 Internal", "out of memory"), "could not do it .answer 500., saying: out of memory"),
        (sends(b"<!DOCTYPE html><html>Router</html>", "text/html"), "answered with a web page"),
        (sends(b'{"choices": [', "application/json"), "in a way that makes no sense"),
        (sends(b"[" * 100_000, "application/json"), "in a way that makes no sense"),
        (says({"choices": []}), "not as a language server does"),
        (says(["choices"]), "not as a language server does"),
        (chat([{"type": "text"}]), "not as a language server does"),
        (sends_100_mb, "more than 4 MB"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(
    model: ServerLanguage, own: Own, behaviour: Any, words: str
) -> None:
    own.behaviours[CHAT] = behaviour
    with pytest.raises(KnownError, match=words) as told:
        write(model)
    assert "127.0.0.1" in str(told.value)


def test_a_redirect_takes_no_text_along(model: ServerLanguage, own: Own) -> None:
    with own_server(chat=chat("{}")) as other:
        own.behaviours[CHAT] = leads_to(other.address + CHAT)
        with pytest.raises(KnownError, match="sends on to another address"):
            write(model)
        assert not other.asked


@pytest.mark.parametrize("status", ["503 Loading", "502 Bad Gateway", "429 Too Many"])
def test_a_server_that_is_busy_or_starting_is_away_for_now(
    model: ServerLanguage, own: Own, status: str
) -> None:
    own.behaviours[CHAT] = refuses(status)
    with pytest.raises(ServerAway, match="busy or starting"):
        write(model)


def test_a_server_that_is_gone_is_left_alone_for_a_minute(tmp_path: Path) -> None:
    noted: list[object] = []
    clock = [0.0]
    with own_server() as own:
        door = Door(user_agent="t", log=lambda *line: noted.append(line), monotonic=lambda: clock[0])
    model = ServerLanguage(Paths(tmp_path), OwnServer(door, own.address, "language"), "qwen")
    for now_s, tries in ((0.0, 1), (59.0, 1), (61.0, 2)):
        clock[0] = now_s
        with pytest.raises(ServerAway, match="cannot be reached"):
            write(model)
        assert len(noted) == tries


def test_an_unknown_model_is_told_with_those_that_there_are(own: Own, tmp_path: Path) -> None:
    own.behaviours["/v1/models"] = models("llama", "mistral")
    with pytest.raises(KnownError, match=r"has no model “qwen”\. It has: llama, mistral"):
        write(language_on(own, tmp_path))
    with pytest.raises(KnownError, match="has several models"):
        write(language_on(own, tmp_path, None))
    assert not own.posted(CHAT)


def test_a_model_that_was_taken_away_meanwhile_is_told_too(model: ServerLanguage, own: Own) -> None:
    write(model)
    own.behaviours["/v1/models"] = models("llama")
    own.behaviours[CHAT] = refuses("404 Not Found", "model 'qwen' not found")
    with pytest.raises(KnownError, match=r"has no model “qwen”\. It has: llama"):
        write(model)


def test_a_wish_to_stop_closes_the_connection(model: ServerLanguage, own: Own) -> None:
    own.behaviours[CHAT] = hangs
    model.cancelled = lambda: bool(own.posted(CHAT))
    with pytest.raises(Cancelled):
        write(model)
    assert own.hung_up.wait(10)


def test_tokens_are_guessed_too_high_without_asking_anybody(model: ServerLanguage, own: Own) -> None:
    counts = model.count_tokens([SYSTEM, PROMPT])
    assert counts == [guessed_tokens(SYSTEM), guessed_tokens(PROMPT)]
    assert own.paths() == ["/v1/models"]


@pytest.mark.parametrize(
    ("maker", "path", "answer"),
    [
        ("llamacpp", "/tokenize", {"tokens": [1] * 700}),
        ("vllm", "/tokenize", {"count": 700, "tokens": [1] * 700}),
        ("me", "/extras/tokenize/count", {"count": 700}),
    ],
)
def test_where_the_guess_does_not_fit_the_server_that_can_count_is_asked(
    model: ServerLanguage, own: Own, maker: str, path: str, answer: dict[str, Any]
) -> None:
    own.behaviours |= {"/v1/models": models("qwen", maker=maker), path: says(answer)}
    long = "word " * 2100
    assert model.count_tokens([long]) == [700]
    model.write(SYSTEM, long, "short", 200)
    assert [asked.path for asked in own.asked if asked.method == "POST"] == [path, path, CHAT]
    own.behaviours[path] = says({"tokens": [1] * 1800, "count": 1800})
    with pytest.raises(KnownError, match="too long for the language model"):
        model.write(SYSTEM, long, "short", 200)
    assert len(own.posted(CHAT)) == 1


def test_nothing_that_might_be_cut_is_sent_to_a_server_that_does_not_count(
    model: ServerLanguage, own: Own
) -> None:
    own.behaviours["/v1/models"] = models("qwen", maker="library")
    with pytest.raises(KnownError, match="too long for the language model"):
        model.write(SYSTEM, "word " * 2100, "short", 200)
    assert not own.posted(CHAT)


def test_a_server_that_tells_its_room_is_given_as_much_and_no_more(
    model: ServerLanguage, own: Own, tmp_path: Path
) -> None:
    own.behaviours["/v1/models"] = models("qwen", max_model_len=1024)
    model.count_tokens([SYSTEM])
    assert model.context_tokens < 1024
    room = says({"default_generation_settings": {"n_ctx": 6000}})
    own.behaviours |= {"/v1/models": models("qwen", maker="llamacpp"), "/props": room}
    other = language_on(own, tmp_path)
    other.count_tokens([SYSTEM])
    assert 5000 < other.context_tokens < 6000


def test_the_guess_is_not_below_the_real_count_on_real_talk(tmp_path: Path) -> None:
    """SmolLM2's tokenizer is the one at hand; its vocabulary is smaller than that of most models."""
    from earmark.demo import demo_episodes

    lines = [line.text for episode in demo_episodes() for line in episode.lines]
    paths = Paths(tmp_path)
    paths.create()
    with Language(paths) as here:
        counts = here.count_tokens(lines)
    short = [line for line, count in zip(lines, counts, strict=True) if guessed_tokens(line) < count]
    assert len(lines) > 300
    assert not short
    assert sum(map(guessed_tokens, lines)) < 2 * sum(counts)
