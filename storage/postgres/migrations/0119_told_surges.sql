-- Each query of which a chat is told when more is posted remembers the posts that it was told of, a JSON array
-- of rows: what is written anew, or asked for again, is not told of them twice. NULL: none is known.
ALTER TABLE surge ADD COLUMN told_posts TEXT;
