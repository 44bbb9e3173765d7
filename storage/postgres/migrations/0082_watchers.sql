-- Who watches, where several do: with which account (its number; NULL: none), whether that serves now.
CREATE TABLE watcher (
    owner TEXT COLLATE "C" PRIMARY KEY,
    account BIGINT,
    serves BIGINT NOT NULL
);

-- Which of them reads a channel.
CREATE TABLE watched_by (
    channel BIGINT PRIMARY KEY REFERENCES channel (id) ON DELETE CASCADE,
    owner TEXT COLLATE "C" NOT NULL
);

-- What accounts know of watched channels (both are Telegram's numbers): the hash that opens one for it,
-- and whether it is in it.
CREATE TABLE account_channel (
    account BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    access_hash BIGINT NOT NULL,
    joined BIGINT NOT NULL,
    PRIMARY KEY (account, channel_id)
);

-- When accounts joined channels, within the last day.
CREATE TABLE account_join (
    account BIGINT NOT NULL,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (account, joined_at)
);
