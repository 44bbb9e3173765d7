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
