-- Heads of the chain that an authority of RFC 3161 stamped: its answer as it came.
CREATE TABLE chain_stamp (
    head INTEGER PRIMARY KEY REFERENCES chain_head (number) ON DELETE CASCADE,
    stamped_at INTEGER NOT NULL,
    answer BLOB NOT NULL
) STRICT;
