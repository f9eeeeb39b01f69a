"""How models are said: pure functions over what the pipeline found out."""

from collections.abc import Collection, Sequence

from earmark.engines import TrialRecord
from earmark.engines.catalogue import ModelRow, Task, model_row
from earmark.engines.fit import Fit
from earmark.engines.memory import size_text
from earmark.engines.names import SPEECH_ID
from earmark.pipeline.models import Advice
from earmark.pipeline.models.here import Here
from earmark.records import Tier
from earmark.ui.below import said
from earmark.ui.models_page import ModelLine
from earmark.ui.words import amount, tr

SAMPLE = model_row(SPEECH_ID).file.removesuffix(".xz")


def task_word(task: Task) -> str:
    """What a model is for."""
    words = {
        "speech": tr("Listening"),
        "llm": tr("Writing"),
        "embedding": tr("Knowing meanings"),
        "vad": tr("Telling speech from noise"),
    }
    return words[task]


def may(tier: Tier) -> str:
    """What a language model may do."""
    told = {
        "quotes": tr("chooses the speakers' own words"),
        "short": tr("writes a headline and one sentence"),
        "full": tr("finds insights and writes them in two or three sentences"),
    }
    return told[tier]


def fits(fit: Fit | None) -> str:
    """Whether it fits this computer."""
    if fit is None:
        return tr("needs more than is known")
    told = {
        "fits": tr("fits"),
        "close": tr("fits when other programs are closed"),
        "never": tr("too large for this computer"),
    }
    return told[fit]


def needs(needed_bytes: int | None, fit: Fit | None) -> str:
    """What it takes of the memory."""
    if needed_bytes is None:
        return ""
    return tr("needs {size} of memory, {fits}").format(size=said(size_text(needed_bytes)), fits=fits(fit))


def speed(record: TrialRecord | None) -> str:
    """How fast a language model is here."""
    if record is None:
        return tr("its speed here was not measured")
    told = tr("reads {read} and writes {write} tokens a second here")
    return told.format(read=f"{record.read_speed:.0f}", write=f"{record.write_speed:.0f}")


def state_word(each: Here) -> str:
    """What is the matter with a file, empty where nothing is."""
    told = {
        "ready": "",
        "changed": tr("changed since it was checked: it is checked again before it is used"),
        "missing": tr("no longer there"),
        "unproven": tr("not checked yet"),
        "part": tr("its download has not come to its end"),
    }
    return told[each.state]


def in_use_line(each: Here, busy: Collection[str], fault: str = "") -> ModelLine:
    """A model that is used, under what it is for."""
    deeds: list[tuple[str, str]] = []
    if each.task == "llm":
        deeds.append(("try", tr("Try it")))
        if each.kept is not None or each.tier is None:
            deeds.append(("starter", tr("Use the one that came along")))
    key = str(each.file)
    return ModelLine(
        key,
        f"{task_word(each.task)}: {each.file.name}",
        _details(each),
        () if key in busy else tuple(deeds),
        busy=key in busy,
        fault=fault,
    )


def here_line(each: Here, busy: Collection[str], fault: str = "") -> ModelLine:
    """A model that is here and not used."""
    key = str(each.file)
    deeds: list[tuple[str, str]] = []
    if each.task in ("speech", "llm") and each.state not in ("part", "missing"):
        deeds.append(("use", tr("Use it")))
    if each.task == "llm" and each.state != "part":
        deeds.append(("try", tr("Try it")))
    if each.kept is not None:
        deeds.append(("delete", tr("Forget it") if each.kept.linked else tr("Delete")))
    title = f"{task_word(each.task)}: {each.file.name}"
    shown = () if key in busy else tuple(deeds)
    return ModelLine(key, title, _details(each), shown, busy=key in busy, fault=fault)


def _details(each: Here) -> tuple[str, ...]:
    first = [amount(each.bytes)] if each.bytes else []
    first += [part for part in (needs(each.needed_bytes, each.fit), state_word(each)) if part]
    lines = [", ".join(first)]
    if each.file.name == SAMPLE:
        lines.append(tr("A sample: it knows only the sample episodes."))
    if each.tier is not None:
        lines.append(f"{may(each.tier)}; {speed(each.trial)}")
    if each.trial is not None:
        lines.append(said(each.trial.why))
    return tuple(line for line in lines if line)


def offered_line(advice: Advice, part_bytes: int | None, busy: Collection[str], fault: str) -> ModelLine:
    """A model that can be fetched, or whose download has begun."""
    row = advice.row
    parts = [said(size_text(row.bytes)) if row.bytes else tr("size not known"), languages(row), row.licence]
    second = [part for part in (needs(advice.needed_bytes, advice.fit), _listening(advice)) if part]
    if not advice.usable:
        second.append(tr("cannot be chosen yet"))
    details = [", ".join(parts), ", ".join(second)]
    if row.id in busy:
        deeds: tuple[tuple[str, str], ...] = (("pause", tr("Pause")),)
    elif part_bytes is not None:
        details.append(tr("{size} are here").format(size=said(size_text(part_bytes))))
        deeds = (("download", tr("Go on")), ("drop", tr("Throw it away")))
    else:
        deeds = (("download", tr("Download")),)
    title = f"{task_word(row.task)}: {row.id}"
    shown = tuple(each for each in details if each)
    return ModelLine(
        row.id, title, shown, deeds, main=advice.best and row.id not in busy, busy=row.id in busy, fault=fault
    )


def languages(row: ModelRow) -> str:
    """Which languages it knows, as far as that matters."""
    return tr("English") if row.languages == ("en",) else tr("many languages")


def _listening(advice: Advice) -> str:
    if not advice.listening:
        return ""
    told = tr("an hour of sound takes about {minutes} min here, a guess")
    return told.format(minutes=max(1, round(advice.listening * 60)))


def suited(advice: Sequence[Advice], *, all_: bool, begun: Collection[str]) -> list[Advice]:
    """Those that are shown: the best, and what was begun; or all."""
    return [each for each in advice if all_ or each.best or each.row.id in begun]
