-- Messages that were sent by a later database than this one, which is a backup that was put in its
-- place: the post that is read again and has the same key is the one that was told.
CREATE TABLE sent_before (
    random_id INTEGER PRIMARY KEY
) STRICT;
