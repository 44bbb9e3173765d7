-- Keys of the outbox name what outlives this database: who somebody is between two /forgetme is
-- one random name.
ALTER TABLE subscriber ADD COLUMN incarnation TEXT NOT NULL DEFAULT '';
UPDATE subscriber SET incarnation = lower(hex(randomblob(8)));

-- Whether a chat was told of a story is looked up, now that no key says it.
DROP INDEX delivery_by_story;
CREATE INDEX delivery_by_story ON delivery (story, chat_id) WHERE story IS NOT NULL;
