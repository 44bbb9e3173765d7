-- Of the alerts of a minute so many come alone, and the others in the list that grows (its row in
-- the outbox). What was tried alone, and may be out, is no line of a list.
ALTER TABLE subscriber ADD COLUMN burst_after INTEGER;
ALTER TABLE subscriber ADD COLUMN growing INTEGER;
ALTER TABLE delivery ADD COLUMN tried INTEGER NOT NULL DEFAULT 0;
UPDATE delivery SET tried = 1
    WHERE state = 'queued' AND (leased_until IS NOT NULL OR attempts > 0 OR last_error IS NOT NULL);
CREATE INDEX delivery_told ON delivery (chat_id, finished_at)
    WHERE kind IN ('alert', 'bundle') AND finished_at IS NOT NULL;
