-- Loads of events: what was read into which table. Times are ticks of 100 ns since the year 1 (core/time.h).

CREATE TABLE loads (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  events TEXT NOT NULL,         -- table
  source TEXT NOT NULL,         -- as it was named
  fingerprint TEXT NOT NULL,    -- of what was read
  method INTEGER NOT NULL,      -- how rows become pieces: another method can't go on with them
  received INTEGER NOT NULL,    -- of the first piece; each one behind it is a tick later
  ended INTEGER,                -- NULL: not all of it is there
  rows INTEGER NOT NULL         -- once it has ended
) STRICT;
CREATE INDEX loads_of_events ON loads (events, fingerprint);
