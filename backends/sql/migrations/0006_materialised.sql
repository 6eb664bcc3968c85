-- Members of dynamic segments that are kept as rows: as of when, and up to which position of the log of changes. NULL where
-- they are not.

ALTER TABLE segments ADD COLUMN materialised_at BIGINT;

ALTER TABLE segments ADD COLUMN materialised_to BIGINT;
