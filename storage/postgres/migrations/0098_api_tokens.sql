-- Tokens of programs: what each may ask for, of which channels (numbers; none: all), and the hash of
-- its secret.
CREATE TABLE api_token (
    name TEXT COLLATE "C" PRIMARY KEY,
    secret_hash TEXT COLLATE "C" NOT NULL UNIQUE,
    scopes TEXT COLLATE "C" NOT NULL,
    channels TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);
