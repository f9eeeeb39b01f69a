"""The language model of the user's own server, with the face of the one here."""

import json
import re
import time
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Literal

from earmark.engines import Engine, Language, VectorCache
from earmark.errors import KnownError
from earmark.net import Reply, json_body
from earmark.paths import Paths, resource
from earmark.pipeline.servers.names import short_name
from earmark.pipeline.servers.place import ANSWER_S, Facts, OwnServer
from earmark.pipeline.servers.tokens import guessed_tokens
from earmark.records import Tier

Form = Literal["json_schema", "json_object", "text"]
FORMS: tuple[tuple[Form, bool], ...] = (
    ("json_schema", True),
    ("json_schema", False),
    ("json_object", False),
    ("text", False),
)
"""How a server is asked for JSON, and whether it is told not to think first: the first way that it takes is
kept as long as the program runs."""
LEAST_CONTEXT, MOST_CONTEXT = 2048, 8192
ANSWER_TOKENS = 512
FORM_TOKENS = 128
"""Room for the sentence that shows the form of an answer."""
MARKUP_TOKENS = 32
MOST_CHARACTERS = 20_000
_MAY_THINK = ("llamacpp", "vllm")
"""Makers whose servers are known to take the word not to think first."""
_REFUSING = {400, 422, 500, 501}
_THOUGHT = re.compile(r"^\s*<think(?:ing)?>.*?</think(?:ing)?>\s*", re.S)
_SAMPLES = {"string": "...", "integer": 1, "number": 1, "boolean": True}


class ServerLanguage(Language):
    """Writes with a model on the user's own server; vectors and the choice among headlines stay here.

    What it asks for is what the engine here is asked for: our prompts, greedily, JSON under the same schema.
    `context_tokens` is for 2048 until the server has told more, at the first `count_tokens` or `write`. No
    text is cut: what does not fit is refused, by a guess that is too high, or by the server's own count
    where it counts.
    """

    def __init__(
        self,
        paths: Paths,
        server: OwnServer,
        model: str | None,
        *,
        tier: Tier | None = None,
        engine: Engine | None = None,
        cache: VectorCache | None = None,
    ) -> None:
        super().__init__(paths, engine, tier=tier or "quotes", cache=cache)
        self.server = server
        self.context_tokens = LEAST_CONTEXT - FORM_TOKENS
        self.model_id = short_name(model) or "own-server"
        self._wanted = model
        self._model: str | None = model
        self._facts: Facts | None = None

    def write(self, system: str, prompt: str, schema_name: str, max_tokens: int) -> str:
        """The JSON text of an answer, or what else the model said, which is no JSON then: as the engine here
        gives an answer that was cut at `max_tokens`.

        Raises KnownError (too long, no such model, not let in), ServerAway, Cancelled.
        """
        facts = self._met()
        schema, found = _schema(schema_name), self.server.way
        self._check_room(facts, f"{system}\n{prompt}", max_tokens)
        while True:
            began = time.monotonic()
            asked = self._request(system, prompt, schema, max_tokens)
            reply = self._post("/v1/chat/completions", "write", asked)
            can_step = not found.holds and found.number < len(FORMS) - 1
            if reply.status in _REFUSING and can_step:
                found.number += 1
                continue
            if reply.status != 200:
                raise self._fault(reply)
            said, cut = self._said(reply, time.monotonic() - began)
            text = _json_text(said)
            if text is None and can_step and not cut:
                found.number += 1
                continue
            found.holds = found.holds or text is not None
            return text if text is not None else said

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The tokens of each text: a guess that is too high where that is good enough, which asks nobody,
        else what the server counts, where it counts. Raises KnownError, ServerAway, Cancelled."""
        facts = self._met()
        guesses = [guessed_tokens(text) for text in texts]
        if sum(guesses) <= self.context_tokens - ANSWER_TOKENS:
            return guesses
        counts = [self._counted(facts, text) for text in texts]
        return [guess if count is None else count for guess, count in zip(guesses, counts, strict=True)]

    def describe(self) -> tuple[str, int | None]:
        """Its memory is not ours to know."""
        return "own server", None

    def _met(self) -> Facts:
        """What the server tells of itself, asked once; its list must hold the model."""
        if self._facts is None:
            facts = self.server.facts(self._stop)
            self._model = self.server.chosen_model(facts, self._wanted)
            if facts.maker == "llamacpp":
                facts = Facts(facts.models, facts.maker, self._room_of_llama_server())
            told = facts.context_tokens or LEAST_CONTEXT
            self.context_tokens = min(max(told, 1), MOST_CONTEXT) - FORM_TOKENS
            if facts.maker not in _MAY_THINK:
                self.server.way.number = max(1, self.server.way.number)
            self._facts = facts
        return self._facts

    def _room_of_llama_server(self) -> int | None:
        """The tokens of one conversation of llama-server, which its list of models does not tell."""
        reply = self.server.ask("/props", "ask for the room", self._stop)
        found = self.server.json(reply) if reply.status == 200 else {}
        settings = _part(found, "default_generation_settings") if isinstance(found, dict) else {}
        room = settings.get("n_ctx")
        return room if isinstance(room, int) and room > 0 else None

    def _check_room(self, facts: Facts, text: str, max_tokens: int) -> None:
        """Refuse what would not fit; servers that are given too much leave words out and do not say so."""
        room = self.context_tokens - max_tokens - MARKUP_TOKENS
        if guessed_tokens(text) <= room:
            return
        count = self._counted(facts, text)
        if count is None or count > room:
            raise KnownError("This passage is too long for the language model.")

    def _counted(self, facts: Facts, text: str) -> int | None:
        """The server's own count, or None where it does not count."""
        asked: dict[str, tuple[str, dict[str, Any]]] = {
            "llamacpp": ("/tokenize", {"content": text}),
            "vllm": ("/tokenize", {"model": self._model, "prompt": text}),
            "me": ("/extras/tokenize/count", {"input": text}),
        }
        if facts.maker not in asked:
            return None
        path, value = asked[facts.maker]
        reply = self._post(path, "count words", value)
        if reply.status != 200:
            return None
        found = self.server.json(reply)
        found = found if isinstance(found, dict) else {}
        count = found.get("count", len(tokens) if isinstance(tokens := found.get("tokens"), list) else None)
        return count if isinstance(count, int) else None

    def _request(self, system: str, prompt: str, schema: dict[str, Any], max_tokens: int) -> dict[str, Any]:
        form, unthinking = FORMS[self.server.way.number]
        asked: dict[str, Any] = {"max_tokens": max_tokens, "temperature": 0, "stream": False}
        if self._model:
            asked["model"] = self._model
        if form == "json_schema":
            json_schema = {"name": "card", "strict": True, "schema": schema}
            asked["response_format"] = {"type": "json_schema", "json_schema": json_schema}
        else:
            system += f"\nAnswer with JSON alone, in this form: {json.dumps(_sample(schema))}"
        if form == "json_object":
            asked["response_format"] = {"type": "json_object", "schema": schema}
        if unthinking:
            asked["chat_template_kwargs"] = {"enable_thinking": False}
        talk = [{"role": "system", "content": system}, {"role": "user", "content": prompt}]
        return {**asked, "messages": talk}

    def _post(self, path: str, why: str, value: dict[str, Any]) -> Reply:
        return self.server.ask(path, why, self._stop, body=json_body(value), deadline_s=ANSWER_S)

    def _said(self, reply: Reply, seconds: float) -> tuple[str, bool]:
        """What the model said, and whether it was cut off; counts what it cost."""
        found = self.server.json(reply)
        try:
            choice = found["choices"][0]
            content = choice["message"]["content"] or ""
        except (KeyError, IndexError, TypeError):
            content = None
        if not isinstance(content, str):
            raise KnownError(
                f"Your own server {self.server.host} answered, but not as a language server does. "
                "Is it the right address?"
            )
        self.usage.note("write", _cost(found, seconds), seconds)
        return _THOUGHT.sub("", content)[:MOST_CHARACTERS], choice.get("finish_reason") == "length"

    def _fault(self, reply: Reply) -> KnownError:
        """A refusal; where it may be for the model's name, the list of models is looked at once more."""
        if reply.status in (400, 404):
            self._facts = None
            self.server.chosen_model(self.server.facts(self._stop), self._wanted)
        return self.server.fault(reply)

    @property
    def _stop(self) -> Callable[[], bool]:
        return lambda: self.cancelled()


@cache
def _schema(name: str) -> dict[str, Any]:
    found = json.loads((resource("prompts") / f"{name}.json").read_text("utf-8"))
    assert isinstance(found, dict), name
    return found


def _sample(schema: dict[str, Any]) -> Any:
    """An answer in the form of a schema, to show a model that is not held to it."""
    if schema["type"] == "object":
        return {name: _sample(part) for name, part in schema["properties"].items()}
    if schema["type"] == "array":
        return [_sample(schema["items"])]
    return _SAMPLES[schema["type"]]


def _json_text(said: str) -> str | None:
    """The JSON object that an answer holds, without what is around it (a fence, a greeting); None without.

    Only the first one counts, and only whole: a part of a card that was cut off is no card. Its strings come
    out without control characters and lone surrogates.
    """
    start = said.find("{")
    if start < 0:
        return None
    try:
        value, _end = json.JSONDecoder().raw_decode(said[start:])
    except (ValueError, RecursionError):
        return None
    return json.dumps(_clean(value), ensure_ascii=False)


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {_clean(key): _clean(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_clean(part) for part in value]
    if isinstance(value, str):
        return "".join(c if c.isprintable() else " " for c in value)
    return value


def _cost(found: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Tokens and seconds, as far as the server tells: llama-server alone parts reading from writing."""
    usage, timings = (_part(found, name) for name in ("usage", "timings"))
    read_s = _number(timings.get("prompt_ms")) / 1000
    return {
        "tokens_read": int(_number(usage.get("prompt_tokens"))),
        "tokens_written": int(_number(usage.get("completion_tokens"))),
        "read_s": read_s,
        "write_s": _number(timings.get("predicted_ms")) / 1000 or max(0.0, seconds - read_s),
    }


def _part(found: dict[str, Any], name: str) -> dict[str, Any]:
    part = found.get(name)
    return part if isinstance(part, dict) else {}


def _number(value: Any) -> float:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e12
    return float(value) if usable else 0.0
