"""What makes a large library answer at once. Part of the list in `schema`."""

PACE = (
    # The rows of insights are large: counting those of a topic, or of a show, needs none of their texts.
    "CREATE INDEX insights_with_episode ON insights (id, episode_id)",
    "CREATE INDEX extractions_by_time ON extractions (read_ms)",
)
