"""`earmark transcribe`: the words of a file, and how well a speech model hears."""

from pathlib import Path

import click

from earmark.app import Engines, open_engines
from earmark.cli.screen import watching
from earmark.cli.text import as_json
from earmark.clock import system_clock
from earmark.engines import EngineDied, NotEnoughMemory, check_speech_model, sample_speech_model
from earmark.engines.catalogue import model_row
from earmark.engines.languages import short_language
from earmark.engines.names import SPEECH_ID
from earmark.errors import KnownError
from earmark.export import as_podcast_json, as_srt, as_vtt
from earmark.paths import Paths
from earmark.pipeline import Watch
from earmark.pipeline.files import transcribe_file
from earmark.pipeline.models import proven
from earmark.pipeline.prompt import speech_prompt
from earmark.pipeline.score import Reference, Score, read_references, score
from earmark.records import Segment
from earmark.settings import load_settings

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FORMS = ("text", "json", "srt", "vtt")


@click.command("transcribe")
@click.argument("audio", type=FILE, required=False)
@click.option("--model", type=FILE, help="A whisper.cpp model file; without it the one that you chose.")
@click.option("--language", help="The language spoken, as two letters; heard by itself when not given.")
@click.option("--format", "form", type=click.Choice(FORMS), default="text", show_default=True)
@click.option(
    "--score",
    "references",
    type=FILE,
    help="Hear the recordings of a table and count wrong words, instead of one AUDIO file. The table is"
    " tab-separated: audio, language, reference_kind, reference_file.",
)
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@click.pass_obj
def transcribe(
    paths: Paths,
    audio: Path | None,
    model: Path | None,
    language: str | None,
    form: str,
    references: Path | None,
    json_: bool,
) -> None:
    """The words of an AUDIO file, heard on this computer."""
    if (audio is None) == (references is None):
        raise KnownError("Name one audio file, or a table of recordings with --score.")
    if audio is not None and language is not None and short_language(language) is None:
        raise KnownError(f"Speech models know no language “{language}”. Write it in two letters, such as de.")
    chosen = model or load_settings(paths).speech_model
    if chosen:
        check_speech_model(chosen)
    if chosen and not model:
        paths.create()
        proven(paths.models, chosen, "speech", system_clock)
    chosen = chosen or sample_speech_model(paths)
    if chosen.name == model_row(SPEECH_ID).file:
        click.echo("Using the sample speech model, which knows only the sample episodes.", err=True)
    with open_engines(paths) as engines, watching() as watch:
        if audio is not None:
            segments = _heard(engines, paths, audio, chosen, language, watch)
            if not segments:
                click.echo("No words were heard in this recording.", err=True)
            _print_words(segments, "json" if json_ else form)
            return
        assert references is not None
        table = read_references(references, language)
        if not table:
            raise KnownError(f"{references.name} names no recording whose words are known.")
        texts, unheard = _texts(engines, paths, table, chosen, watch)
    scores = score([each for each in table if each in texts], lambda each: texts[each])
    _print_scores(scores, unheard, chosen, json_)
    if unheard:
        raise SystemExit(1)


def _texts(
    engines: Engines, paths: Paths, table: list[Reference], model: Path, watch: Watch
) -> tuple[dict[Reference, str], dict[str, str]]:
    """What is heard in each recording; and why others could not be heard, which says nothing of the model."""
    texts: dict[Reference, str] = {}
    unheard: dict[str, str] = {}
    for each in table:
        language = each.language if len(each.language) == 2 else None
        try:
            segments = _heard(engines, paths, each.audio, model, language, watch)
        except (EngineDied, NotEnoughMemory):
            raise
        except KnownError as error:
            unheard[str(each.audio)] = str(error)
            continue
        texts[each] = " ".join(segment.text for segment in segments)
    return texts, unheard


def _heard(
    engines: Engines, paths: Paths, audio: Path, model: Path, language: str | None, watch: Watch
) -> list[Segment]:
    prompt = speech_prompt("", "", (), load_settings(paths).glossary)
    return transcribe_file(engines, audio, model, paths.scratch, language, watch, prompt=prompt)


def _print_words(segments: list[Segment], form: str) -> None:
    if form == "json":
        as_json(as_podcast_json(segments))
    elif form in ("srt", "vtt"):
        click.echo(as_srt(segments) if form == "srt" else as_vtt(segments), nl=False)
    else:
        for segment in segments:
            click.echo(segment.text)


def _print_scores(scores: list[Score], unheard: dict[str, str], model: Path, json_: bool) -> None:
    """One line for each recording, one for each language, and how much was heard where nobody speaks."""
    total = _by_language(scores)
    invented = sum(each.errors for each in scores if not each.said)
    if json_:
        rows = [
            {"audio": s.name, "language": s.language, "words": s.said, "errors": s.errors, "rate": s.rate}
            for s in scores
        ]
        told = {"recordings": rows, "unheard": unheard, "rates": total, "invented_words": invented}
        as_json({"model": model.name, **told})
        return
    for each in scores:
        rate = "-" if each.rate is None else f"{each.rate:.1%}"
        click.echo(f"{rate:>7}  {each.errors:5} in {each.said:5} words  {each.language:5}  {each.name}")
    click.echo(f"\nOf all words, with {model.name}:")
    for language, rate_ in total.items():
        click.echo(f"{rate_:7.1%}  wrong in {language}")
    click.echo(f"{invented:7}  invented where nobody speaks")
    for audio, why in unheard.items():
        click.echo(f"not heard: {Path(audio).name}: {why}")
    click.echo("A word is wrong when it is another, left out or added, so more than 100% can be.")


def _by_language(scores: list[Score]) -> dict[str, float]:
    said: dict[str, list[Score]] = {}
    for each in scores:
        if each.said:
            said.setdefault(each.language, []).append(each)
    return {
        language: sum(each.errors for each in of_it) / sum(each.said for each in of_it)
        for language, of_it in said.items()
    }
