-- In a group with topics: the one in which its administrators set up alerts. NULL: General.
ALTER TABLE subscriber ADD COLUMN topic INTEGER;
