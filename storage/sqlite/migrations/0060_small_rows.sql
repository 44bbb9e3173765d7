-- Rows of the outbox become small. What the readers of a post have in common stands once, in
-- told_post; a row is found by its random_id, which follows from its key, and by what it tells of;
-- of what is out, and of what waits, there is one short index a chat.
--
-- A key and a payload are in two parts: the end of a key (behind the reader, its third colon) and
-- what a payload says of the post are those of told_post. whole_delivery puts them together.
-- A payload that cannot be read stays as it is, and has no part in told_post.
CREATE TABLE told_post (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    post TEXT,
    story TEXT,
    payload TEXT
) STRICT;

CREATE TABLE former_part AS
SELECT
    id,
    substr(key, 1, cut) AS key,
    substr(key, cut + 1) AS name,
    post,
    story,
    CASE WHEN readable
        THEN json_remove(payload, '$.alerts', '$.silent', '$.urgent', '$.once') END AS shared,
    CASE WHEN readable
        THEN json_remove(payload, '$.doc_id', '$.follows', '$.fresh', '$.change', '$.since',
            '$.news')
        ELSE payload END AS own
FROM (
    SELECT
        *,
        CASE WHEN kind = 'alert' AND first > 0 AND second > 0 AND third > 0
            THEN first + second + third ELSE length(key) END AS cut
    FROM (
        SELECT *, instr(substr(key, first + second + 1), ':') AS third
        FROM (
            SELECT *, instr(substr(key, first + 1), ':') AS second
            FROM (
                SELECT
                    id, kind, key, post, story, payload, instr(key, ':') AS first,
                    CASE WHEN kind <> 'alert' OR NOT json_valid(payload) THEN 0
                        ELSE json_type(payload) = 'object'
                            AND json_type(payload, '$.doc_id') IS NOT NULL END AS readable
                FROM delivery
                WHERE kind = 'alert' OR post IS NOT NULL OR story IS NOT NULL
            )
        )
    )
);

INSERT INTO told_post (name, post, story, payload)
SELECT DISTINCT name, post, story, shared FROM former_part ORDER BY id;

CREATE INDEX told_post_named ON told_post (name, post);

CREATE TABLE small_delivery (
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
    tried_at INTEGER
) STRICT;

INSERT INTO small_delivery (id, chat_id, kind, key, random_id, told_post, payload, priority, due_at,
    leased_until, state, attempts, last_error, message_id, created_at, finished_at, expires_at,
    bundle, target, versions, closed, tried_at)
SELECT d.id, d.chat_id, d.kind, coalesce(f.key, d.key), d.random_id, t.id, coalesce(f.own, d.payload),
    d.priority, d.due_at, d.leased_until, d.state, d.attempts, d.last_error, d.message_id,
    d.created_at, d.finished_at, d.expires_at, d.bundle, d.target, d.versions, d.closed, d.tried_at
FROM delivery AS d
LEFT JOIN former_part AS f ON f.id = d.id
LEFT JOIN told_post AS t
    ON t.name = f.name AND t.post IS f.post AND t.story IS f.story AND t.payload IS f.shared
ORDER BY d.id;

-- No number of a row is given again.
DELETE FROM sqlite_sequence WHERE name = 'small_delivery';
INSERT INTO sqlite_sequence (name, seq)
    SELECT 'small_delivery', seq FROM sqlite_sequence WHERE name = 'delivery';

-- What was folded onto a row would go with the table.
CREATE TABLE former_folded AS SELECT * FROM folded;
DELETE FROM folded;
DROP TABLE delivery;
ALTER TABLE small_delivery RENAME TO delivery;
INSERT INTO folded SELECT * FROM former_folded;
DROP TABLE former_folded;
DROP TABLE former_part;
DROP INDEX told_post_named;

CREATE UNIQUE INDEX delivery_by_random_id ON delivery (random_id);
CREATE INDEX delivery_queue ON delivery (priority, due_at) WHERE state = 'queued';
CREATE INDEX delivery_waiting ON delivery (chat_id) WHERE state = 'queued';
CREATE INDEX delivery_put_back ON delivery (chat_id, priority)
    WHERE state = 'queued' AND last_error IS NOT NULL;
CREATE INDEX delivery_past ON delivery (chat_id, finished_at, state) WHERE state <> 'queued';
CREATE INDEX delivery_dead ON delivery (id) WHERE state = 'dead';
CREATE INDEX delivery_by_post ON delivery (told_post, chat_id) WHERE told_post IS NOT NULL;
CREATE INDEX delivery_by_target ON delivery (target) WHERE target IS NOT NULL;

CREATE INDEX told_post_by_story ON told_post (story) WHERE story IS NOT NULL;
-- Keys of changes name a channel and a post, with a line between: they are found by how they begin.
CREATE INDEX told_post_of_changes ON told_post (name) WHERE instr(name, '|') > 0;

CREATE VIEW whole_delivery AS
SELECT
    d.id, d.chat_id, d.kind, d.key || coalesce(t.name, '') AS key, d.random_id,
    CASE WHEN t.payload IS NULL THEN d.payload
        WHEN d.payload = '{}' THEN t.payload
        ELSE substr(t.payload, 1, length(t.payload) - 1) || ',' || substr(d.payload, 2)
        END AS payload,
    d.priority, d.due_at, d.leased_until, d.state, d.attempts, d.last_error, d.message_id,
    d.created_at, d.finished_at, d.expires_at, d.bundle, t.story, d.target, d.versions, d.closed,
    t.post, d.tried_at
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
    t.post, d.tried_at
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
