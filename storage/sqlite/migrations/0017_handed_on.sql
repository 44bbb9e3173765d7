-- What a post that was folded onto a message needs to be told of by itself, should that message never
-- go out: the key of its own, and the alerts that it matched. Those of before have neither.
ALTER TABLE folded ADD COLUMN key TEXT;
ALTER TABLE folded ADD COLUMN alerts TEXT;
