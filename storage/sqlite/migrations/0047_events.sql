-- Posts that tell of one event in whatever words: an event is named by the number of the first post
-- that was put into it, a roundup is of none. "terms" is what the post is about, packed.
CREATE TABLE event_post (
    id INTEGER PRIMARY KEY,
    document_id INTEGER NOT NULL UNIQUE
        REFERENCES document (id) ON UPDATE CASCADE ON DELETE CASCADE,
    event INTEGER,
    russian INTEGER NOT NULL,
    terms BLOB
) STRICT;

CREATE INDEX event_post_by_event ON event_post (event) WHERE event IS NOT NULL;

-- Names of events that turned out to be another one.
CREATE TABLE event_alias (
    id INTEGER PRIMARY KEY,
    event INTEGER NOT NULL UNIQUE,
    merged_into INTEGER NOT NULL
) STRICT;

CREATE INDEX event_alias_by_target ON event_alias (merged_into);

-- In how many posts of the archive each term stands, by script, up to a post.
CREATE TABLE event_frequency (
    russian INTEGER PRIMARY KEY,
    posts INTEGER NOT NULL,
    counts BLOB NOT NULL,
    counted_to INTEGER NOT NULL
) STRICT;
