-- Dynamic segments.

-- NULL: a static one.
ALTER TABLE segments ADD COLUMN filter {text};
