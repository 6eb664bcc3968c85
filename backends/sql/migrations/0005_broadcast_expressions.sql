-- Broadcasts to several segments.

-- NULL: the one of the column `segment`, which is else 0.
ALTER TABLE broadcasts ADD COLUMN expression {text};
