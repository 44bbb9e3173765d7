-- Who watches, where several do: with which account (its number; NULL: none), whether that serves now.
CREATE TABLE watcher (
    owner TEXT PRIMARY KEY,
    account INTEGER,
    serves INTEGER NOT NULL
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
