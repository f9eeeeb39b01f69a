"""All that others may use of this folder by its own name: see `earmark.engines`."""

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
    "valid_trial",
    "valid_trial_of",
]
