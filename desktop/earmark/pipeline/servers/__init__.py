"""The user's own server in place of the models here: speech and language over an OpenAI-compatible address.

Off until the user types an address. `place` is the server itself (address, models, what went wrong),
`language` and `speech` take the place of the engines of the same name, `tokens` guesses how long a text is.
Everything goes through the one door of `net`, which sends text and sound to these servers and nowhere else.
"""

from typing import TYPE_CHECKING

from earmark.facade import on_first_use

if TYPE_CHECKING:
    from earmark.pipeline.servers.public import *  # noqa: F403
else:
    __getattr__ = on_first_use(__name__)
