"""All that others may use of this folder by its own name: see `earmark.pipeline.servers`."""

from earmark.pipeline.servers.language import ServerLanguage
from earmark.pipeline.servers.names import speech_model_name
from earmark.pipeline.servers.place import OwnServer, host_of, server_address, shown_address, where_it_goes
from earmark.pipeline.servers.speech import ServerSpeech
from earmark.pipeline.servers.use import language_on_server, speech_on_server, trial_key

__all__ = [
    "OwnServer",
    "ServerLanguage",
    "ServerSpeech",
    "host_of",
    "language_on_server",
    "server_address",
    "shown_address",
    "speech_model_name",
    "speech_on_server",
    "trial_key",
    "where_it_goes",
]
