"""The form of the library, as a list of migrations: append only, never edit one that was released."""

from sqlite_utils import Database, Migrations

from earmark.library import (
    care_schema,
    facts_schema,
    keeping_schema,
    lasting_schema,
    notes_schema,
    pace_schema,
    queue_schema,
    schedule_schema,
    search_schema,
    secrets_schema,
)
from earmark.library.form import APPLICATION_ID as APPLICATION_ID
from earmark.library.form import SCHEMA_VERSION as SCHEMA_VERSION
from earmark.library.form import fingerprint as fingerprint

migrations = Migrations("earmark")


@migrations()
def m001_first_form(db: Database) -> None:
    """Feed data, what was made of it, what the user did, and what was asked of the network."""
    for statement in FIRST_FORM:
        db.execute(statement)


@migrations()
def m002_checks(db: Database) -> None:
    """What was checked on each insight, as a JSON list of names."""
    db.execute("ALTER TABLE insights ADD COLUMN checks TEXT NOT NULL DEFAULT '[]'")


@migrations()
def m003_chapters(db: Database) -> None:
    """An episode's chapters, as JSON lists of [start_ms, title]: the feed's own, and those of a file that it
    names (NULL while that was not fetched)."""
    db.execute("ALTER TABLE episodes ADD COLUMN chapters TEXT NOT NULL DEFAULT '[]'")
    db.execute("ALTER TABLE episodes ADD COLUMN chapters_url TEXT")
    db.execute("ALTER TABLE episodes ADD COLUMN fetched_chapters TEXT")


@migrations()
def m004_words(db: Database) -> None:
    """What a speech model tells of single words; who speaks in an episode; and which language in a show."""
    db.execute("ALTER TABLE segments ADD COLUMN words TEXT")  # JSON: [[start_ms, ...], [[number, p], ...]]
    db.execute("ALTER TABLE episodes ADD COLUMN people TEXT NOT NULL DEFAULT '[]'")
    db.execute("ALTER TABLE feeds ADD COLUMN listen_language TEXT")


@migrations()
def m005_links(db: Database) -> None:
    """Links that say what is folded into what, and can be mended bit by bit; kinds of relation; and what an
    index of vectors needs to follow the library. Links are found anew."""
    for statement in LINKS:
        db.execute(statement)
    for number, insight_id, model_id, vector in db.execute(
        "SELECT rowid, insight_id, model_id, vector FROM embeddings"
    ).fetchall():
        mark = fingerprint(insight_id, model_id, vector)
        db.execute("UPDATE embeddings SET fingerprint = ? WHERE rowid = ?", [mark, number])


LINKS = (
    "DROP TABLE links",
    # All that is close to an insight, whether it is shown in its list or not.
    """CREATE TABLE links (
        insight_id TEXT NOT NULL REFERENCES insights ON DELETE CASCADE,
        other_id TEXT NOT NULL REFERENCES insights ON DELETE CASCADE,
        score REAL NOT NULL,
        place INTEGER,               -- in the list of insight_id; NULL: not shown
        folded_into TEXT,            -- the shown one that says the same; NULL: none
        PRIMARY KEY (insight_id, other_id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX links_by_other ON links (other_id)",
    # How far the links of an insight are made. No row: not at all.
    """CREATE TABLE relations (
        insight_id TEXT PRIMARY KEY REFERENCES insights ON DELETE CASCADE,
        model_id TEXT NOT NULL,      -- of the embeddings that were compared
        hub REAL NOT NULL,           -- how close it is to its nearest
        stale INTEGER NOT NULL       -- 0: nothing to do; 1: its list is to be made; 2: its links, too
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX relations_by_stale ON relations (stale) WHERE stale > 0",
    """CREATE TRIGGER a_link_is_lost AFTER DELETE ON links BEGIN
        UPDATE relations SET stale = 2 WHERE insight_id = OLD.insight_id;
    END""",
    # No reference to insights: an episode that is read again keeps what was found out about its claims.
    """CREATE TABLE kinds (
        one_id TEXT NOT NULL,
        other_id TEXT NOT NULL CHECK (one_id < other_id),
        kind TEXT,                   -- of the other, seen from the one; NULL: could not be told
        why TEXT NOT NULL,
        version TEXT NOT NULL,       -- of the prompt
        model_id TEXT NOT NULL,
        PRIMARY KEY (one_id, other_id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX kinds_by_other ON kinds (other_id)",
    "ALTER TABLE embeddings ADD COLUMN fingerprint INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX embeddings_by_fingerprint ON embeddings (model_id, fingerprint)",
    """CREATE TABLE passage_embeddings (
        episode_id INTEGER NOT NULL,
        first_sentence INTEGER NOT NULL,
        model_id TEXT NOT NULL,
        vector BLOB NOT NULL,        -- unit length, as `nearest_queries.FORMS` has it
        fingerprint INTEGER NOT NULL,
        PRIMARY KEY (episode_id, first_sentence, model_id),
        FOREIGN KEY (episode_id, first_sentence) REFERENCES passages ON DELETE CASCADE
    ) STRICT""",
    "CREATE INDEX passage_embeddings_by_fingerprint ON passage_embeddings (model_id, fingerprint)",
    # What came and went, for an index that follows; the oldest are dropped, then it looks at everything.
    """CREATE TABLE vector_changes (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        whose TEXT NOT NULL,         -- the table: embeddings or passage_embeddings
        model_id TEXT NOT NULL,
        fingerprint INTEGER NOT NULL,
        gone INTEGER NOT NULL
    ) STRICT""",
    *(
        f"""CREATE TRIGGER {whose}_{event} AFTER {verb} ON {whose} BEGIN
            INSERT INTO vector_changes (whose, model_id, fingerprint, gone)
            VALUES ('{whose}', {row}.model_id, {row}.fingerprint, {gone});
        END"""
        for whose in ("embeddings", "passage_embeddings")
        for event, verb, row, gone in (("came", "INSERT", "NEW", 0), ("went", "DELETE", "OLD", 1))
    ),
)


@migrations()
def m006_taste(db: Database) -> None:
    """What a brief was chosen by, what it held back, what was announced, and what was learned from whom."""
    for statement in TASTE:
        db.execute(statement)


TASTE = (
    "ALTER TABLE brief_items ADD COLUMN terms TEXT NOT NULL DEFAULT '[]'",  # JSON: [[name, factor], ...]
    "ALTER TABLE brief_items ADD COLUMN outside INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE briefs ADD COLUMN announced INTEGER NOT NULL DEFAULT 0",
    "UPDATE briefs SET announced = 1",
    # What was shown is compared with later claims, also when its insight was withdrawn since.
    """CREATE TABLE shown_vectors (
        insight_id TEXT NOT NULL,
        model_id TEXT NOT NULL,
        vector BLOB NOT NULL,
        PRIMARY KEY (insight_id, model_id)
    ) STRICT""",
    """INSERT INTO shown_vectors SELECT insight_id, model_id, vector FROM embeddings
        WHERE insight_id IN (SELECT insight_id FROM brief_items)""",
    "CREATE INDEX brief_items_by_insight ON brief_items (insight_id)",
    """CREATE TABLE heard (
        insight_id TEXT PRIMARY KEY,
        times INTEGER NOT NULL       -- episodes in which its claim was heard, its own among them
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE held_back (
        date TEXT NOT NULL REFERENCES briefs,
        insight_id TEXT NOT NULL,
        why TEXT NOT NULL,
        PRIMARY KEY (date, insight_id)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE shelf (
        date TEXT PRIMARY KEY REFERENCES briefs,
        insight_id TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE reading (
        insight_id TEXT PRIMARY KEY,
        read_ms INTEGER NOT NULL     -- how long its card was open, in all
    ) STRICT, WITHOUT ROWID""",
    # Which acts of the user stand in which lesson. NULL: from this one nothing is to be learned any more.
    """CREATE TABLE taught (
        insight_id TEXT NOT NULL,
        about TEXT NOT NULL CHECK (about IN ('topic', 'show')),
        lesson TEXT,
        PRIMARY KEY (insight_id, about)
    ) STRICT, WITHOUT ROWID""",
)


@migrations()
def m007_search(db: Database) -> None:
    """Indexes of words, people and topics, filled with what is there."""
    for statement in search_schema.SEARCH:
        db.execute(statement)
    search_schema.fill(db.conn)


@migrations()
def m008_schedule(db: Database) -> None:
    """When each feed is to be asked again, and why."""
    db.execute(schedule_schema.SCHEDULES)


@migrations()
def m009_formats(db: Database) -> None:
    """What publishers say beside words and sound, what a recording says of itself, whose a transcript is."""
    for statement in facts_schema.FORMATS:
        db.execute(statement)


@migrations()
def m010_keeping(db: Database) -> None:
    """When audio came and whether it may be cut, and the moments that are kept of it."""
    for statement in keeping_schema.KEEPING:
        db.execute(statement)


@migrations()
def m011_care(db: Database) -> None:
    """What the user does with shows and episodes: subscriptions that end, and marks."""
    for statement in care_schema.CARE:
        db.execute(statement)


@migrations()
def m012_moments(db: Database) -> None:
    """How far a moment reaches beyond its quotation: nowhere, until its episode is read again."""
    db.execute("ALTER TABLE insights ADD COLUMN before_ms INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE insights ADD COLUMN after_ms INTEGER NOT NULL DEFAULT 0")


@migrations()
def m013_secrets(db: Database) -> None:
    """Which shows have their secrets here by the user's wish, and which hidden addresses were left."""
    for statement in secrets_schema.SECRETS:
        db.execute(statement)


@migrations()
def m014_lasting(db: Database) -> None:
    """What stays of a show whatever it is called, and the way to the newest episodes of each."""
    for statement in lasting_schema.LASTING:
        db.execute(statement)


@migrations()
def m015_queue(db: Database) -> None:
    """The order in which the user wants episodes to be worked on."""
    for statement in queue_schema.QUEUE:
        db.execute(statement)


@migrations()
def m016_notes(db: Database) -> None:
    """The user's own words on insights."""
    db.execute(notes_schema.NOTES)


@migrations()
def m017_pace(db: Database) -> None:
    """Indexes by which a large library answers at once."""
    for statement in pace_schema.PACE:
        db.execute(statement)


FIRST_FORM = (
    """CREATE TABLE feeds (
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        link TEXT,
        language TEXT,
        etag TEXT,           -- kept verbatim; NULL: the server gave none
        last_modified TEXT,  -- kept verbatim
        body_sha256 TEXT,    -- NULL: never read whole
        checked_ms INTEGER,  -- NULL: never asked
        error TEXT,          -- NULL: the last check went well
        near INTEGER NOT NULL  -- 1: the user typed an address inside their own network
    ) STRICT""",
    """CREATE TABLE episodes (
        id INTEGER PRIMARY KEY,
        feed_id INTEGER NOT NULL REFERENCES feeds ON DELETE CASCADE,
        guid TEXT NOT NULL,
        title TEXT NOT NULL,
        published_ms INTEGER,
        enclosure_url TEXT,
        enclosure_mime TEXT,
        enclosure_bytes INTEGER,
        transcripts TEXT NOT NULL,  -- JSON list of [url, mime, language]
        duration_ms INTEGER,        -- as the feed says, NULL when it does not
        notes TEXT NOT NULL,        -- the publisher's HTML, never shown uncleaned
        link TEXT,
        UNIQUE (feed_id, guid)
    ) STRICT""",
    "CREATE INDEX episodes_by_date ON episodes (published_ms DESC)",
    """CREATE TABLE transcripts (
        episode_id INTEGER PRIMARY KEY REFERENCES episodes ON DELETE CASCADE,
        source TEXT NOT NULL CHECK (source IN ('publisher', 'speech')),
        language TEXT,
        model_id TEXT,               -- NULL for the publisher's
        complete INTEGER NOT NULL,   -- 0 while the audio is still being listened to
        next_ms INTEGER NOT NULL,    -- where listening goes on
        sha256 TEXT                  -- of the words; NULL while incomplete
    ) STRICT""",
    """CREATE TABLE segments (
        episode_id INTEGER NOT NULL REFERENCES transcripts ON DELETE CASCADE,
        number INTEGER NOT NULL,
        start_ms INTEGER NOT NULL,
        end_ms INTEGER NOT NULL CHECK (end_ms >= start_ms),
        text TEXT NOT NULL,
        speaker TEXT,
        PRIMARY KEY (episode_id, number)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE passages (
        episode_id INTEGER NOT NULL REFERENCES episodes ON DELETE CASCADE,
        first_sentence INTEGER NOT NULL,
        last_sentence INTEGER NOT NULL,
        start_ms INTEGER NOT NULL,
        end_ms INTEGER NOT NULL,
        kind TEXT NOT NULL,
        PRIMARY KEY (episode_id, first_sentence)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE extractions (
        episode_id INTEGER PRIMARY KEY REFERENCES episodes ON DELETE CASCADE,
        counts TEXT NOT NULL,        -- JSON of ExtractionCounts
        read_ms INTEGER NOT NULL     -- when it was read
    ) STRICT""",
    """CREATE TABLE insights (
        id TEXT PRIMARY KEY,
        episode_id INTEGER NOT NULL REFERENCES episodes ON DELETE CASCADE,
        place INTEGER NOT NULL,      -- 0 is the episode's best
        headline TEXT NOT NULL,
        text TEXT NOT NULL,
        quote TEXT NOT NULL,
        start_ms INTEGER NOT NULL,
        end_ms INTEGER NOT NULL,
        first_segment INTEGER NOT NULL,
        last_segment INTEGER NOT NULL,
        quality REAL NOT NULL,
        tier TEXT NOT NULL CHECK (tier IN ('quotes', 'short', 'full')),
        model_id TEXT NOT NULL,
        prompt_version TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX insights_by_episode ON insights (episode_id, place)",
    """CREATE TABLE embeddings (
        insight_id TEXT NOT NULL REFERENCES insights ON DELETE CASCADE,
        model_id TEXT NOT NULL,
        vector BLOB NOT NULL,        -- little-endian float32, unit length
        PRIMARY KEY (insight_id, model_id)
    ) STRICT""",
    """CREATE TABLE links (
        insight_id TEXT NOT NULL REFERENCES insights ON DELETE CASCADE,
        other_id TEXT NOT NULL REFERENCES insights ON DELETE CASCADE,
        score REAL NOT NULL,
        also_said_by INTEGER NOT NULL,
        PRIMARY KEY (insight_id, other_id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX links_by_other ON links (other_id)",
    """CREATE TABLE briefs (
        date TEXT PRIMARY KEY,       -- the user's local date, YYYY-MM-DD
        coverage TEXT NOT NULL,
        made_ms INTEGER NOT NULL     -- when it was first made
    ) STRICT, WITHOUT ROWID""",
    # No reference to insights: a past day stays readable in its order when an insight is withdrawn.
    """CREATE TABLE brief_items (
        date TEXT NOT NULL REFERENCES briefs,
        position INTEGER NOT NULL,
        insight_id TEXT NOT NULL,
        why TEXT NOT NULL,
        PRIMARY KEY (date, position),
        UNIQUE (date, insight_id)
    ) STRICT, WITHOUT ROWID""",
    # The user's own doing. No reference to insights either: nothing that is fetched or made again may take
    # it away.
    """CREATE TABLE marks (
        insight_id TEXT PRIMARY KEY,
        saved INTEGER NOT NULL DEFAULT 0,
        thumb INTEGER NOT NULL DEFAULT 0 CHECK (thumb IN (-1, 0, 1)),
        hidden INTEGER NOT NULL DEFAULT 0,
        changed_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE jobs (
        episode_id INTEGER PRIMARY KEY REFERENCES episodes ON DELETE CASCADE,
        step TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
        attempts INTEGER NOT NULL DEFAULT 0,
        progress_ms INTEGER NOT NULL DEFAULT 0,
        total_ms INTEGER,
        reason TEXT
    ) STRICT""",
    "CREATE INDEX jobs_by_state ON jobs (state)",
    """CREATE TABLE downloads (
        episode_id INTEGER PRIMARY KEY REFERENCES episodes ON DELETE CASCADE,
        file_name TEXT NOT NULL,     -- ours, never from the network
        size_bytes INTEGER NOT NULL,
        sha256 TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE requests (
        id INTEGER PRIMARY KEY,
        time_ms INTEGER NOT NULL,
        host TEXT NOT NULL,
        why TEXT NOT NULL,
        status INTEGER,              -- NULL: no answer
        size_bytes INTEGER NOT NULL
    ) STRICT""",
)
