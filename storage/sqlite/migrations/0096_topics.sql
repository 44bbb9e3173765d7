-- Each alert, plan, signal and wish remembers the topic of its group that it was given in, and each message
-- the topic that it goes to. NULL: General, or a chat without topics. What there is goes where all of its
-- chat went before.
ALTER TABLE alert ADD COLUMN topic INTEGER;
ALTER TABLE plan ADD COLUMN topic INTEGER;
ALTER TABLE silence ADD COLUMN topic INTEGER;
ALTER TABLE surge ADD COLUMN topic INTEGER;
ALTER TABLE wish ADD COLUMN topic INTEGER;
ALTER TABLE delivery ADD COLUMN topic INTEGER;

UPDATE alert SET topic = (SELECT s.topic FROM subscriber AS s WHERE s.chat_id = alert.chat_id)
    WHERE chat_id IN (SELECT s.chat_id FROM subscriber AS s WHERE s.topic IS NOT NULL);
UPDATE plan SET topic = (SELECT s.topic FROM subscriber AS s WHERE s.chat_id = plan.chat_id)
    WHERE chat_id IN (SELECT s.chat_id FROM subscriber AS s WHERE s.topic IS NOT NULL);
UPDATE silence SET topic = (SELECT s.topic FROM subscriber AS s WHERE s.chat_id = silence.chat_id)
    WHERE chat_id IN (SELECT s.chat_id FROM subscriber AS s WHERE s.topic IS NOT NULL);
UPDATE surge SET topic = (SELECT s.topic FROM subscriber AS s WHERE s.chat_id = surge.chat_id)
    WHERE chat_id IN (SELECT s.chat_id FROM subscriber AS s WHERE s.topic IS NOT NULL);
UPDATE wish SET topic = (SELECT s.topic FROM subscriber AS s WHERE s.chat_id = wish.chat_id)
    WHERE chat_id IN (SELECT s.chat_id FROM subscriber AS s WHERE s.topic IS NOT NULL);
UPDATE delivery SET topic = (SELECT s.topic FROM subscriber AS s WHERE s.chat_id = delivery.chat_id)
    WHERE kind <> 'answer'
        AND chat_id IN (SELECT s.chat_id FROM subscriber AS s WHERE s.topic IS NOT NULL);
UPDATE delivery SET topic = CAST(json_extract(payload, '$.topic') AS INTEGER)
    WHERE kind = 'answer' AND instr(payload, '"topic":') > 0 AND json_valid(payload);

DROP VIEW whole_alert;
DROP VIEW whole_delivery;

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
