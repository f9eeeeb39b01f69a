"""What the models of the user's own servers are called."""

from pathlib import Path

from earmark.settings import Settings


def speech_model_name(settings: Settings) -> Path | None:
    """What stands for the speech model in `Tools`: its file, or a name for the model of the server."""
    if settings.speech_server is None:
        return settings.speech_model
    return Path(f"{short_name(settings.speech_server_model) or 'speech'} (own server)")


def short_name(model: str | None) -> str:
    """The last part of a model's name: some servers tell whole paths of theirs, which are nobody's business.

    >>> short_name("/home/ann/models/qwen2.5-7b.gguf")
    'qwen2.5-7b.gguf'
    """
    return (model or "").replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
