-- Whether a channel speaks for a ministry or the like: as the operator says, else guessed by its title.
ALTER TABLE channel ADD COLUMN official INTEGER;
