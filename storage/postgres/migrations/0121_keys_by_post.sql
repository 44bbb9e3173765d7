-- Whether an alert is queued already is looked up by its post's name, once for all its readers. Its own id, which
-- stands at a random place, was in an index for nothing else.
DROP INDEX delivery_by_random_id;
CREATE UNIQUE INDEX delivery_by_random_id ON delivery (random_id) WHERE told_post IS NULL;
DROP INDEX told_post_of_changes;
CREATE INDEX told_post_by_name ON told_post (name);
