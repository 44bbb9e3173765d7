-- The recent posts of a channel that is newly watched, read newest first: down from last_id.
ALTER TABLE backfill ADD COLUMN newest_first INTEGER NOT NULL DEFAULT 0;
