"""The user's own server in place of the models here: speech and language over an OpenAI-compatible address.

Off until the user types an address. `place` is the server itself (address, models, what went wrong),
`language` and `speech` take the place of the engines of the same name, `tokens` guesses how long a text is.
Everything goes through the one door of `net`, which sends text and sound to these servers and nowhere else.
"""

from earmark.pipeline.servers.language import ServerLanguage
from earmark.pipeline.servers.place import OwnServer, host_of, server_address, shown_address, where_it_goes
from earmark.pipeline.servers.speech import ServerSpeech
from earmark.pipeline.servers.use import language_on_server, speech_model_name, speech_on_server, trial_key

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
