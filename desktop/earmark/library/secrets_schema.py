"""The tables of what is known of secrets, none of which stands here itself (`m013_secrets`)."""

_LEFT = "INSERT OR REPLACE INTO left_addresses VALUES (OLD.url, NULL)"

SECRETS = (
    # These shows have their passwords and tokens in the library, because the user wants it so.
    """CREATE TABLE kept_open (
        feed_id INTEGER PRIMARY KEY REFERENCES feeds ON DELETE CASCADE
    ) STRICT""",
    # Hidden addresses that no show is asked at any more; the keyring still keeps what their marks stand for.
    """CREATE TABLE left_addresses (
        url TEXT PRIMARY KEY,
        left_ms INTEGER              -- when that was first noticed; NULL: not yet
    ) STRICT""",
    f"""CREATE TRIGGER a_hidden_address_is_left AFTER UPDATE OF url ON feeds
        WHEN OLD.url <> NEW.url AND OLD.url LIKE '%~earmark-%' BEGIN {_LEFT}; END""",
    f"""CREATE TRIGGER a_hidden_show_goes AFTER DELETE ON feeds
        WHEN OLD.url LIKE '%~earmark-%' BEGIN {_LEFT}; END""",
    *(
        f"""CREATE TRIGGER a_hidden_show_{name} AFTER {verb} ON subscriptions WHEN NEW.ended_ms IS NOT NULL
        BEGIN INSERT OR REPLACE INTO left_addresses SELECT url, NULL FROM feeds
            WHERE id = NEW.feed_id AND url LIKE '%~earmark-%'; END"""
        for name, verb in (("has_ended", "INSERT"), ("ends", "UPDATE OF ended_ms"))
    ),
)
