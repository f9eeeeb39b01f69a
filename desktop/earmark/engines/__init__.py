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

from typing import TYPE_CHECKING

from earmark.facade import on_first_use

if TYPE_CHECKING:
    from earmark.engines.public import *  # noqa: F403
else:
    __getattr__ = on_first_use(__name__)
