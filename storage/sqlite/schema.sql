-- The whole schema as it stands: all migrations applied. Read here; change it by a new migration.

CREATE TABLE fact (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE channel (
    id INTEGER PRIMARY KEY,
    channel_id INTEGER UNIQUE,
    username TEXT,
    username_key TEXT UNIQUE,
    title TEXT,
    access_hash INTEGER,
    watched INTEGER NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0,
    cursor INTEGER NOT NULL DEFAULT 0,
    added_at INTEGER NOT NULL,
    last_scan_at INTEGER,
    error TEXT,
    reference TEXT,
    source TEXT,
    floor INTEGER NOT NULL DEFAULT 0,
    gaps_filled INTEGER NOT NULL DEFAULT 0,
    posts_filled INTEGER NOT NULL DEFAULT 0,
    official INTEGER
) STRICT;

-- What a name meant when a channel was put on the list under it: the channel, whatever it and others
-- are called since then. In small letters.
CREATE TABLE channel_reference (
    name TEXT PRIMARY KEY,
    channel INTEGER NOT NULL REFERENCES channel (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX channel_reference_by_channel ON channel_reference (channel);

-- History that was asked for: what lies between next_id and last_id is not read yet.
CREATE TABLE backfill (
    channel INTEGER PRIMARY KEY REFERENCES channel (id) ON DELETE CASCADE,
    since INTEGER,
    first_id INTEGER NOT NULL DEFAULT 0,
    next_id INTEGER NOT NULL DEFAULT 0,
    last_id INTEGER NOT NULL DEFAULT 0,
    remaining INTEGER,
    posts INTEGER NOT NULL DEFAULT 0,
    asked_by INTEGER,
    asked_at INTEGER NOT NULL,
    finished_at INTEGER,
    error TEXT,
    newest_first INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    doc_id TEXT NOT NULL UNIQUE,
    channel_id INTEGER,
    message_id INTEGER,
    stored_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    live INTEGER NOT NULL,
    content_hash TEXT,
    origin_channel_id INTEGER,
    origin_message_id INTEGER,
    deleted_at INTEGER,
    analysis INTEGER NOT NULL,
    ranks TEXT NOT NULL,
    json TEXT NOT NULL,
    story TEXT,
    author_key TEXT
) STRICT;

CREATE INDEX document_by_message ON document (channel_id, message_id);
CREATE INDEX document_by_content ON document (content_hash) WHERE content_hash IS NOT NULL;
CREATE INDEX document_by_origin ON document (origin_channel_id, origin_message_id)
    WHERE origin_channel_id IS NOT NULL;
CREATE INDEX document_by_arrival ON document (stored_at, id) WHERE live = 1;
CREATE INDEX document_by_story ON document (story) WHERE story IS NOT NULL;
CREATE INDEX document_by_deletion ON document (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX document_by_author ON document (author_key) WHERE author_key IS NOT NULL;
CREATE INDEX document_by_origin_user ON document (json_extract(json, '$.forwarded_from.user_id'))
    WHERE json_extract(json, '$.forwarded_from.user_id') IS NOT NULL;

-- Documents that found no room among the ids of their own second, with the first of those ids.
CREATE TABLE spilled (
    document_id INTEGER PRIMARY KEY REFERENCES document (id) ON UPDATE CASCADE ON DELETE CASCADE,
    first_id INTEGER NOT NULL
) STRICT;

CREATE INDEX spilled_by_place ON spilled (first_id, document_id);

-- Hashes that copies of a post of recent days have some of in common with it.
CREATE TABLE sketch (
    hash INTEGER NOT NULL,
    document_id INTEGER NOT NULL,
    PRIMARY KEY (hash, document_id)
) STRICT, WITHOUT ROWID;

-- The numbers of channels by the user names that posts gave them.
CREATE TABLE channel_name (
    username_key TEXT PRIMARY KEY,
    channel_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Names of a document beside its doc_id: those it had before, and those of an album's parts.
CREATE TABLE document_name (
    doc_id TEXT PRIMARY KEY,
    document_id INTEGER NOT NULL REFERENCES document (id) ON UPDATE CASCADE ON DELETE CASCADE,
    deleted_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX document_name_by_document ON document_name (document_id);

-- Which chats that posts come from are groups: their posts may be kept for a shorter time.
CREATE TABLE group_chat (
    channel_id INTEGER PRIMARY KEY
) STRICT;

-- What a document said before a later edit.
CREATE TABLE revision (
    id INTEGER PRIMARY KEY,
    document_id INTEGER NOT NULL REFERENCES document (id) ON UPDATE CASCADE ON DELETE CASCADE,
    replaced_at INTEGER NOT NULL,
    json TEXT NOT NULL
) STRICT;

CREATE INDEX revision_by_document ON revision (document_id);
CREATE INDEX revision_by_time ON revision (replaced_at);

-- Fed with terms of our own making (storage/query/compile_fts5.py): normal forms of the title and
-- of the rest, marks such as "in channel 7" or "has a photo", word forms as they stand, and normal
-- forms of what is attached.
CREATE VIRTUAL TABLE document_index USING fts5 (
    body, title, mark, form, attached,
    content='', tokenize='ascii'
);
INSERT INTO document_index (document_index, rank) VALUES ('automerge', 8);

CREATE TABLE subscriber (
    chat_id INTEGER PRIMARY KEY,
    access_hash INTEGER,
    username TEXT,
    name TEXT,
    language TEXT,
    timezone TEXT,
    active INTEGER NOT NULL DEFAULT 1,
    admitted INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    last_digest_at INTEGER,
    quiet_from INTEGER,
    quiet_until INTEGER,
    quiet_but_urgent INTEGER NOT NULL DEFAULT 0,
    is_channel INTEGER NOT NULL DEFAULT 0,
    incarnation TEXT NOT NULL DEFAULT '',
    burst_after INTEGER,
    growing INTEGER,
    topic INTEGER
) STRICT;

CREATE TABLE alert (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES subscriber (chat_id) ON DELETE CASCADE,
    query TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    paused INTEGER NOT NULL DEFAULT 0,
    snoozed_until INTEGER,
    urgent INTEGER NOT NULL DEFAULT 0,
    silent INTEGER NOT NULL DEFAULT 0,
    hourly_limit INTEGER,
    every_minutes INTEGER,
    once INTEGER NOT NULL DEFAULT 0,
    since INTEGER,
    topic INTEGER,
    UNIQUE (chat_id, query)
) STRICT;

-- Alerts that were removed, kept for an undo under their ids. "settings" is all else of them, as JSON:
-- how they were told, the channels they left out, the messages that were held for them.
CREATE TABLE removed_alert (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES subscriber (chat_id) ON DELETE CASCADE,
    query TEXT NOT NULL,
    settings TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    removed_at INTEGER NOT NULL
) STRICT;

-- Alerts that were added, removed, moved, stopped or revived: whoever holds the saved queries in memory
-- reads on from where it was. "mark" tells whether it is still the same list: an older copy of the
-- database may give a number once more. The newest row stays, and some thousands before it.
CREATE TABLE alert_change (
    id INTEGER PRIMARY KEY,
    alert_id INTEGER NOT NULL,
    mark INTEGER NOT NULL DEFAULT (random())
) STRICT;

-- Something to have read up to.
INSERT INTO alert_change (alert_id) VALUES (0);

CREATE TRIGGER alert_change_kept_short AFTER INSERT ON alert_change BEGIN
    DELETE FROM alert_change WHERE id <= NEW.id - 10000;
END;

CREATE TRIGGER alert_added AFTER INSERT ON alert BEGIN
    INSERT INTO alert_change (alert_id) VALUES (NEW.id);
END;

CREATE TRIGGER alert_updated AFTER UPDATE OF chat_id, query ON alert BEGIN
    INSERT INTO alert_change (alert_id) VALUES (OLD.id);
END;

CREATE TRIGGER alert_removed AFTER DELETE ON alert BEGIN
    INSERT INTO alert_change (alert_id) VALUES (OLD.id);
END;

CREATE TRIGGER subscriber_stopped_or_revived AFTER UPDATE OF active ON subscriber
WHEN NEW.active <> OLD.active BEGIN
    INSERT INTO alert_change (alert_id) SELECT id FROM alert WHERE chat_id = NEW.chat_id;
END;

CREATE TABLE mute (
    alert_id INTEGER NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
    channel TEXT NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (alert_id, channel)
) STRICT, WITHOUT ROWID;

-- When alerts with an hourly limit were told; what is older than an hour goes.
CREATE TABLE told (
    id INTEGER PRIMARY KEY,
    alert_id INTEGER NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
    told_at INTEGER NOT NULL
) STRICT;

CREATE INDEX told_by_alert ON told (alert_id, told_at);

-- What a chat gets by the clock. "token" names it in keys, for it outlives the database; "due_at"
-- is when it is told next, null until that is reckoned. One that was removed is kept for an undo.
CREATE TABLE plan (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES subscriber (chat_id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    token TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    query TEXT NOT NULL DEFAULT '',
    channels TEXT NOT NULL DEFAULT '',
    times TEXT NOT NULL,
    timezone TEXT NOT NULL,
    most INTEGER NOT NULL DEFAULT 10,
    short INTEGER NOT NULL DEFAULT 0,
    says_nothing_new INTEGER NOT NULL DEFAULT 0,
    paused INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    told_until INTEGER,
    due_at INTEGER,
    removed_at INTEGER,
    topic INTEGER
) STRICT;

CREATE INDEX plan_by_chat ON plan (chat_id);
CREATE INDEX plan_by_due ON plan (due_at);

CREATE TABLE "delivery" (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    random_id INTEGER NOT NULL CHECK (random_id <> 0),
    told_post INTEGER,
    payload TEXT NOT NULL,
    priority INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    leased_until INTEGER,
    state TEXT NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'sent', 'gone', 'dead', 'expired', 'bundled', 'dropped')),
    attempts INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    message_id INTEGER,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    expires_at INTEGER,
    bundle TEXT,
    target INTEGER,
    versions INTEGER NOT NULL DEFAULT 0,
    closed INTEGER NOT NULL DEFAULT 0,
    tried_at INTEGER,
    topic INTEGER
) STRICT;

-- What the readers of a post have in common, once: the end of its key (behind the reader), and what
-- its payload says of the post. whole_delivery puts it together with the rows.
CREATE TABLE told_post (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    post TEXT,
    story TEXT,
    payload TEXT
) STRICT;

CREATE UNIQUE INDEX delivery_by_random_id ON delivery (random_id) WHERE told_post IS NULL;
CREATE INDEX delivery_queue ON delivery (priority, due_at) WHERE state = 'queued';
CREATE INDEX delivery_waiting ON delivery (chat_id) WHERE state = 'queued';
CREATE INDEX delivery_put_back ON delivery (chat_id, priority)
    WHERE state = 'queued' AND last_error IS NOT NULL;
CREATE INDEX delivery_past ON delivery (chat_id, finished_at, state) WHERE state <> 'queued';
CREATE INDEX delivery_dead ON delivery (id) WHERE state = 'dead';
CREATE INDEX delivery_by_post ON delivery (told_post, chat_id) WHERE told_post IS NOT NULL;
CREATE INDEX delivery_by_target ON delivery (target) WHERE target IS NOT NULL;

CREATE INDEX told_post_by_story ON told_post (story) WHERE story IS NOT NULL;
-- A row that tells of a post is found by its key: by its post's name first.
CREATE INDEX told_post_by_name ON told_post (name);

CREATE VIEW whole_delivery AS
SELECT
    d.id, d.chat_id, d.kind, d.key || coalesce(t.name, '') AS key, d.random_id,
    CASE WHEN t.payload IS NULL THEN d.payload
        WHEN d.payload = '{}' THEN t.payload
        ELSE substr(t.payload, 1, length(t.payload) - 1) || ',' || substr(d.payload, 2)
        END AS payload,
    d.priority, d.due_at, d.leased_until, d.state, d.attempts, d.last_error, d.message_id,
    d.created_at, d.finished_at, d.expires_at, d.bundle, t.story, d.target, d.versions, d.closed,
    t.post, d.tried_at, d.topic
FROM delivery AS d
LEFT JOIN told_post AS t ON t.id = d.told_post;

-- The same of those that tell of posts, to be found by these.
CREATE VIEW whole_alert AS
SELECT
    d.id, d.chat_id, d.kind, d.key || t.name AS key, d.random_id,
    CASE WHEN t.payload IS NULL THEN d.payload
        WHEN d.payload = '{}' THEN t.payload
        ELSE substr(t.payload, 1, length(t.payload) - 1) || ',' || substr(d.payload, 2)
        END AS payload,
    d.priority, d.due_at, d.leased_until, d.state, d.attempts, d.last_error, d.message_id,
    d.created_at, d.finished_at, d.expires_at, d.bundle, t.story, d.target, d.versions, d.closed,
    t.post, d.tried_at, d.topic
FROM told_post AS t
JOIN delivery AS d ON d.told_post = t.id;

-- What nobody is told any more goes with the last row that told it.
CREATE TRIGGER delivery_removed AFTER DELETE ON delivery WHEN OLD.told_post IS NOT NULL BEGIN
    DELETE FROM told_post WHERE id = OLD.told_post
        AND NOT EXISTS (SELECT 1 FROM delivery WHERE told_post = OLD.told_post);
END;

CREATE TRIGGER delivery_tells_other AFTER UPDATE OF told_post ON delivery
WHEN OLD.told_post IS NOT NEW.told_post BEGIN
    DELETE FROM told_post WHERE id = OLD.told_post
        AND NOT EXISTS (SELECT 1 FROM delivery WHERE told_post = OLD.told_post);
END;

-- What could not be read or stored, as it came: it can be tried again without Telegram or the file.
-- raw is null where it was too big to be kept. kind tells the same error by what it says, version
-- which program tried it last.
CREATE TABLE problem (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    place TEXT NOT NULL UNIQUE,
    form TEXT NOT NULL,
    file TEXT,
    given TEXT,
    channel_id INTEGER,
    message_id INTEGER,
    error TEXT NOT NULL,
    kind TEXT NOT NULL,
    history INTEGER NOT NULL,
    since INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    version TEXT NOT NULL,
    size INTEGER NOT NULL,
    raw BLOB
) STRICT;

CREATE INDEX problem_by_message ON problem (channel_id, message_id) WHERE channel_id IS NOT NULL;

-- What the bot itself wrote into groups and channels: it is no post.
CREATE TABLE own_post (
    chat_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    PRIMARY KEY (chat_id, message_id)
) STRICT, WITHOUT ROWID;

-- Posts that came to a message without one of their own: they said nothing new to its reader, or,
-- where "fresh" says what is new in them, were added to it. "key" and "alerts" (those that it
-- matched) are for its own message, should the other never go out.
CREATE TABLE folded (
    delivery_id INTEGER NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    post TEXT NOT NULL,
    folded_at INTEGER NOT NULL,
    fresh TEXT,
    key TEXT,
    alerts TEXT,
    event INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (delivery_id, post)
) STRICT, WITHOUT ROWID;

CREATE INDEX folded_by_post ON folded (post);

-- Which messages told of a post, for alerts that ring once for an event: what a reader was shown.
CREATE TABLE event_told (
    delivery_id INTEGER NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    alert_id INTEGER NOT NULL,
    document_id INTEGER NOT NULL
        REFERENCES document (id) ON UPDATE CASCADE ON DELETE CASCADE,
    PRIMARY KEY (delivery_id, alert_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX event_told_by_document ON event_told (document_id);

CREATE TABLE schema_migration (
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT;

-- Who wrote to a private instance without being let in, and what they asked. `request` is random and
-- names a request in buttons and keys, so that no number of a person stands there.
CREATE TABLE caller (
    chat_id INTEGER PRIMARY KEY,
    access_hash INTEGER,
    username TEXT,
    name TEXT,
    language TEXT,
    wrote_at INTEGER NOT NULL,
    request TEXT NOT NULL UNIQUE,
    asked_at INTEGER,
    denied_at INTEGER
) STRICT;

-- Links that lead into the bot: invitations, and what is shared. An unguessable token each, an end,
-- and for invitations how many people may still come by it.
CREATE TABLE link (
    token TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    made_by INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    people INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX link_by_maker ON link (made_by);

-- What the bot asked somebody and waits for: their next words in that chat answer it. `before` stands
-- before them, `suggestion` is what was proposed; `answered_by` is the message that answered it.
CREATE TABLE question (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL,
    sender_id INTEGER NOT NULL,
    command TEXT NOT NULL,
    before TEXT NOT NULL,
    suggestion TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    answered_by INTEGER,
    UNIQUE (chat_id, sender_id)
) STRICT;

CREATE INDEX question_by_sender ON question (sender_id);

-- Channels that are not watched and that chats ask the operators for. "request" is random and names
-- in buttons and keys what is asked: one for all that ask for the same, until it is answered.
CREATE TABLE wish (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES subscriber (chat_id) ON DELETE CASCADE,
    target TEXT NOT NULL,
    request TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    denied_at INTEGER,
    topic INTEGER,
    UNIQUE (chat_id, target)
) STRICT;

CREATE INDEX wish_by_request ON wish (request);

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

-- Digests as they were made, for the buttons below them. "outline" is compressed JSON.
CREATE TABLE digest_snapshot (
    token TEXT PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES subscriber (chat_id) ON DELETE CASCADE,
    made_at INTEGER NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    query TEXT,
    outline BLOB NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    short INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX digest_snapshot_by_chat ON digest_snapshot (chat_id);
CREATE INDEX digest_snapshot_by_age ON digest_snapshot (made_at);

-- Posts whose texts the operator took out, under every name that they have.
CREATE TABLE redaction (
    doc_id TEXT PRIMARY KEY,
    redacted_at INTEGER NOT NULL,
    reason TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

-- The chain of documents (storage/chain): an entry for every version that was stored, each with the
-- hash of the one before, and a head for each day. Entries stay when their document goes.
CREATE TABLE chain_entry (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    doc_id TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    stored_at INTEGER,
    version BLOB NOT NULL,
    hash BLOB NOT NULL,
    document_id INTEGER REFERENCES document (id) ON UPDATE CASCADE ON DELETE SET NULL
) STRICT;

CREATE INDEX chain_entry_by_document ON chain_entry (document_id) WHERE document_id IS NOT NULL;

CREATE TABLE chain_head (
    number INTEGER PRIMARY KEY,
    day TEXT NOT NULL,
    restored_at INTEGER,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    root BLOB NOT NULL,
    last_hash BLOB NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;

-- Messages that were under way in a later database, in whose place this one was put: when they are
-- queued again they are looked for before they are sent.
CREATE TABLE tried_before (
    random_id INTEGER PRIMARY KEY,
    tried_at INTEGER NOT NULL
) STRICT;

-- Heads of the chain that an authority of RFC 3161 stamped: its answer as it came.
CREATE TABLE chain_stamp (
    head INTEGER PRIMARY KEY REFERENCES chain_head (number) ON DELETE CASCADE,
    stamped_at INTEGER NOT NULL,
    answer BLOB NOT NULL
) STRICT;

-- Messages that were sent by such a later database: the post that is read again and has the same key
-- is the one that was told.
CREATE TABLE sent_before (
    random_id INTEGER PRIMARY KEY
) STRICT;

-- What one alone may do at a time: who may, until when. Each time it goes to another `fence` is one
-- higher.
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    fence INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Posts that a chat has put by, under a name. What was removed can be put back for a day.
CREATE TABLE collection (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES subscriber (chat_id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    used_at INTEGER NOT NULL,
    removed_at INTEGER
) STRICT;

CREATE INDEX collection_by_chat ON collection (chat_id, name_key);

CREATE TABLE collected (
    collection_id INTEGER NOT NULL REFERENCES collection (id) ON DELETE CASCADE,
    doc_id TEXT NOT NULL,
    note TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    removed_at INTEGER,
    PRIMARY KEY (collection_id, doc_id)
) STRICT, WITHOUT ROWID;

-- Who watches, where several do: with which account (its number; NULL: none), whether that serves now.
CREATE TABLE watcher (
    owner TEXT PRIMARY KEY,
    account INTEGER,
    serves INTEGER NOT NULL,
    waits_until INTEGER,
    trouble TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

-- What is at work on a database, where several processes are: what an operator knows each by.
CREATE TABLE process (
    owner TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    roles TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Which of them reads a channel.
CREATE TABLE watched_by (
    channel INTEGER PRIMARY KEY REFERENCES channel (id) ON DELETE CASCADE,
    owner TEXT NOT NULL
) STRICT;

-- What accounts know of watched channels (both are Telegram's numbers): the hash that opens one for it,
-- and whether it is in it.
CREATE TABLE account_channel (
    account INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    access_hash INTEGER NOT NULL,
    joined INTEGER NOT NULL,
    PRIMARY KEY (account, channel_id)
) STRICT, WITHOUT ROWID;

-- When accounts joined channels, within the last day.
CREATE TABLE account_join (
    account INTEGER NOT NULL,
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (account, joined_at)
) STRICT, WITHOUT ROWID;

-- Who asks to be told when a channel falls silent, or can't be read: "told_of" is the last post (its
-- time) before the silence that was told last, "unread_of" the last reading before it was told that
-- there was none since.
CREATE TABLE silence (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES subscriber (chat_id) ON DELETE CASCADE,
    channel INTEGER NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    told_of INTEGER,
    unread_of INTEGER,
    topic INTEGER,
    UNIQUE (chat_id, channel)
) STRICT;

CREATE INDEX silence_by_channel ON silence (channel);

-- Queries of which a chat is told when more is posted than usually is: "told_at" is when it was last,
-- "told_posts" the posts (rows, a JSON array) that it was told of.
CREATE TABLE surge (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES subscriber (chat_id) ON DELETE CASCADE,
    query TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    told_at INTEGER,
    topic INTEGER,
    told_posts TEXT,
    UNIQUE (chat_id, query)
) STRICT;

-- Feeds of chats: what each tells of (a query, a channel), and the hash of the secret in its address.
CREATE TABLE feed (
    name TEXT PRIMARY KEY,
    secret_hash TEXT NOT NULL UNIQUE,
    chat_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX feed_by_chat ON feed (chat_id);

-- Tokens of programs: what each may ask for, of which channels (numbers; none: all), and the hash of
-- its secret.
CREATE TABLE api_token (
    name TEXT PRIMARY KEY,
    secret_hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    channels TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER
) STRICT, WITHOUT ROWID;

-- What a machine made of a post in another language: of the words that the hash is of, and of no others.
CREATE TABLE translation (
    document_id INTEGER NOT NULL REFERENCES document (id) ON UPDATE CASCADE ON DELETE CASCADE,
    language TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    text TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (document_id, language)
) STRICT, WITHOUT ROWID;

-- Which groups and channels somebody manages, as Telegram said when they last did something for one.
CREATE TABLE managed (
    user_id INTEGER NOT NULL,
    chat_id INTEGER NOT NULL REFERENCES subscriber (chat_id) ON DELETE CASCADE,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, chat_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX managed_by_chat ON managed (chat_id);
