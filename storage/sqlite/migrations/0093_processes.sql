-- What is at work on a database, where several processes are: what an operator knows each by.
CREATE TABLE process (
    owner TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    roles TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Until when Telegram tells the account of a watcher to wait, and why it can't be used.
ALTER TABLE watcher ADD COLUMN waits_until INTEGER;
ALTER TABLE watcher ADD COLUMN trouble TEXT NOT NULL DEFAULT '';

-- A refusal of look-ups is the account's that met it.
UPDATE fact SET name = 'resolve_after:' || (SELECT value FROM fact WHERE name = 'watching_account')
WHERE name = 'resolve_after' AND EXISTS (SELECT 1 FROM fact WHERE name = 'watching_account');
DELETE FROM fact WHERE name = 'resolve_after';
