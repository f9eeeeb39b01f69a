"""Native code at arm's length: speech recognition, language models and audio decoding in child processes.

A damaged file or an old processor kills the process it is in, so each kind of native work has a child of its
own (`python -m earmark --engine asr|llm|media`): one at a time, killed when it does not stop by itself, and
started afresh by the next request; the audio decoder has one for each recording. A child gives up what it
does not need (`confine`): each the network, the decoder also every file but its own. `Media`, `Speech` and
`Language` are the faces; `Engine` is the child. The reader of large feeds lives in such a child too
(`--engine feeds`); what it does stands in `earmark.feeds.loop`.

May import records, errors and paths. Never opens the database, never imports Qt, never uses the network;
whisper.cpp, llama.cpp and FFmpeg are imported in the child only (`*_loop.py`, `llama.py`).
"""

from earmark.engines.client import LABELS, Engine, EngineDied, given_up
from earmark.engines.gguf_file import check_language_model
from earmark.engines.language import Language
from earmark.engines.media import About, Decoded, Media, clip_span
from earmark.engines.memory import NotEnoughMemory, peak_bytes
from earmark.engines.places import Places, Tried
from earmark.engines.silero import own_file as own_detector
from earmark.engines.speech import Heard, Speech
from earmark.engines.starter import (
    StarterModels,
    sample_speech_model,
    starter_detector,
    starter_llm,
    starter_models,
)
from earmark.engines.trials import (
    TrialRecord,
    keep_trial,
    keep_trial_of,
    model_hash,
    trials,
    valid_trial,
    valid_trial_of,
)
from earmark.engines.vectors import VectorCache
from earmark.engines.whisper_file import check as check_speech_model

__all__ = [
    "LABELS",
    "About",
    "Decoded",
    "Engine",
    "EngineDied",
    "Heard",
    "Language",
    "Media",
    "NotEnoughMemory",
    "Places",
    "Speech",
    "StarterModels",
    "TrialRecord",
    "Tried",
    "VectorCache",
    "check_language_model",
    "check_speech_model",
    "clip_span",
    "given_up",
    "keep_trial",
    "keep_trial_of",
    "model_hash",
    "own_detector",
    "peak_bytes",
    "sample_speech_model",
    "starter_detector",
    "starter_llm",
    "starter_models",
    "trials",
    "valid_trial",
    "valid_trial_of",
]
