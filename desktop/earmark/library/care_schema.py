"""The tables of what the user does with shows and episodes. Part of the list in `schema`."""

CARE = (
    # No row: subscribed to, and all as usual.
    """CREATE TABLE subscriptions (
        feed_id INTEGER PRIMARY KEY REFERENCES feeds ON DELETE CASCADE,
        imported_ms INTEGER,         -- when it came in a list; NULL: it was added by itself
        first_episodes INTEGER,      -- so many are queued when it is next read; NULL: that was done
        keep_days INTEGER,           -- NULL: episodes stay listed for ever
        dropped_before_ms INTEGER,   -- what is older is not listed again; NULL: nothing was dropped
        ended_ms INTEGER             -- when the user unsubscribed; NULL: they did not
    ) STRICT""",
    # The list that was taken in last, also when it brought nothing.
    """CREATE TABLE latest_list (
        only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
        imported_ms INTEGER NOT NULL
    ) STRICT""",
    # What the user did with an episode keeps it in the library: no cascade.
    """CREATE TABLE episode_marks (
        episode_id INTEGER PRIMARY KEY REFERENCES episodes,
        played_ms INTEGER,           -- when it was said to be played; NULL: it was not
        skipped INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
)
