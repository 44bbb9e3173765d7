-- Channels as recipients: what is sent there is read by many, and nobody there is known.
ALTER TABLE subscriber ADD COLUMN is_channel INTEGER NOT NULL DEFAULT 0;
