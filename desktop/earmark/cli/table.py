"""Every verb, where it stands, and the line that tells it in `earmark --help`.

A verb is loaded when it is asked for: all of them together take longer than most do their work.
"""

VERBS: dict[str, tuple[str, str]] = {
    "add": ("add_verbs", "Subscribe to a show."),
    "find": ("add_verbs", "Look for shows in a public directory."),
    "refresh": ("refresh_verb", "Ask the shows that are due for new episodes, or each named SHOW at once."),
    "process": ("library_verbs", "Work through what waits: fetch words, listen, find insights."),
    "brief": ("library_verbs", "The five of today, or of a past DATE (YYYY-MM-DD)."),
    "show": ("library_verbs", "One insight: its words, where they were said, and what relates to it."),
    "import": ("list_verbs", "Subscribe to all shows of a list (OPML FILE) that another program wrote."),
    "feeds": (
        "show_verbs",
        "Your shows: when each was asked, what is wrong, how many episodes wait, and how long that takes.",
    ),
    "episodes": (
        "show_verbs",
        "The newest episodes of all shows or of one SHOW: number, date, title, length and how each stands.",
    ),
    "feed": ("about_verbs", "What a show says of itself: who makes it, what it is, and where to support it."),
    "episode": (
        "about_verbs",
        "What is known of an EPISODE beside its words: how it stands, its number and its chapters.",
    ),
    "unsubscribe": ("show_verbs", "Leave a show."),
    "mute": ("show_verbs", "Hold a show's insights back from briefs, whatever it is called from now on."),
    "unmute": ("show_verbs", "No longer hold a show's insights back."),
    "keep": ("show_verbs", "For how many days a show's episodes stay listed, for shows that have thousands."),
    "played": ("show_verbs", "Note that you have heard an EPISODE: a number, or a part of its title."),
    "skip": ("show_verbs", "Take an EPISODE out of the work."),
    "unskip": ("show_verbs", "Put an EPISODE that was skipped back into the work."),
    "queue": ("show_verbs", "Have an EPISODE worked on that was not chosen before, however old it is."),
    "search": ("search_verbs", "Find moments, episodes and shows by words, by meaning, or by both."),
    "ask": (
        "search_verbs",
        "An answer made only of what was said in your library, each sentence with its source.",
    ),
    "topics": (
        "search_verbs",
        "What your library is about: insights of several episodes that belong together.",
    ),
    "topic": ("search_verbs", "The insights of one topic in time, and what contradicts what."),
    "people": ("search_verbs", "Who speaks in your library or is named by its feeds; nobody is guessed."),
    "person": (
        "search_verbs",
        "What somebody said, in time, as the transcripts have it, and the episodes with them.",
    ),
    "mode": ("guest_verbs", "How much of the computer the work may take, and when it has to wait."),
    "plan": ("guest_verbs", "What will be worked on in which order, why, and when it will be ready."),
    "language": (
        "hearing_verbs",
        "Which LANGUAGE is spoken in a SHOW (two letters, such as de), for episodes heard from now on.",
    ),
    "glossary": (
        "hearing_verbs",
        "Names and WORDS that the speech model should expect, beside the title and people of each episode.",
    ),
    "taste": (
        "taste_verbs",
        "What you like, what you do not want to see, what was learned; all in one file that you may edit.",
    ),
    "mark": ("taste_verbs", "Save, like, dislike or hide an INSIGHT."),
    "note": (
        "taste_verbs",
        "Your own WORDS on an INSIGHT, in place of those that were there; without words: show them.",
    ),
    "review": (
        "taste_verbs",
        "The last seven days: the best of their briefs, what you saved, and claims that were heard often.",
    ),
    "download": ("keeping_verbs", "Fetch the recordings of episodes to listen to them without a connection."),
    "library": ("keeping_verbs", "What your library takes on the disk, and how long things stay."),
    "export": (
        "export_verb",
        "Write briefs or insights as FORMAT: markdown, html, epub, json, csv, anki, text, atom or opml.",
    ),
    "mail": ("mail_verbs", "Your brief by mail, through your own mail server."),
    "transcript": (
        "transcript_verbs",
        "Words of an episode that you have in a file, in place of its publisher's or of listening.",
    ),
    "extract": (
        "other_verbs",
        "The insights of a TRANSCRIPT file (Podcasting 2.0 JSON, WebVTT, SRT or HTML), best first.",
    ),
    "transcribe": ("transcribe_verb", "The words of an AUDIO file, heard on this computer."),
    "doctor": ("other_verbs", "What works on this computer, what is missing, and what gives it."),
    "selftest": (
        "other_verbs",
        "Do a small real job with every part: window, playback, each engine, the library.",
    ),
    "demo": ("demo_verb", "Three sample shows, from feed to brief: what Earmark does, all on this computer."),
    "models": ("models_verbs", "The models that Earmark listens, reads and writes with."),
    "server": (
        "server_verbs",
        "Your own server for speech or language (llama-server, vLLM, Ollama, whisper-server).",
    ),
}
