-- Tables of events that no longer lose rows by age: of what was loaded while they did, so many rows at least
-- stay.

CREATE TABLE kept_rows (
  events TEXT PRIMARY KEY,
  last_load INTEGER NOT NULL,   -- until which loads are not counted by what they brought
  rows INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
