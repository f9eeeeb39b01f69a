"""The form of the user's own order of work (`m013_queue`)."""

QUEUE = (
    # What the user put in its place by hand; all else comes behind it, in the order of the plan.
    """CREATE TABLE queue_places (
        episode_id INTEGER PRIMARY KEY REFERENCES episodes ON DELETE CASCADE,
        place INTEGER NOT NULL
    ) STRICT""",
)
