-- What the bot itself wrote into groups and channels, as long as they are watched: it is no post.
CREATE TABLE own_post (
    chat_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    PRIMARY KEY (chat_id, message_id)
) STRICT, WITHOUT ROWID;

INSERT INTO own_post
    SELECT DISTINCT chat_id, message_id FROM delivery
    WHERE message_id IS NOT NULL AND state = 'sent' AND chat_id < -1000000000000;

-- What a name meant when a channel was put on the list under it: the channel, whatever it and others
-- are called since then. In small letters.
CREATE TABLE channel_reference (
    name TEXT PRIMARY KEY,
    channel INTEGER NOT NULL REFERENCES channel (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

INSERT INTO channel_reference
    SELECT username_key, id FROM channel WHERE username_key IS NOT NULL AND (watched OR removed);

-- Names that they had before.
INSERT OR IGNORE INTO channel_reference
    SELECT channel_name.username_key, channel.id FROM channel_name
    JOIN channel ON channel.channel_id = channel_name.channel_id
    WHERE channel.watched OR channel.removed;

CREATE INDEX channel_reference_by_channel ON channel_reference (channel);
