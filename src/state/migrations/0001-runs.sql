-- Runs of a scan, in series: runs of one series looked at the same thing, and close each other's findings.
-- Times are ticks of 100 ns since the year 1 (core/time.h).

CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  series INTEGER NOT NULL REFERENCES series (id),
  time INTEGER NOT NULL,
  inputs TEXT NOT NULL,        -- JSON list of paths
  zone TEXT NOT NULL,          -- file; empty: none
  complete INTEGER NOT NULL,   -- 0: something could not be read, and nothing was closed
  score REAL,                  -- 0 to 1; NULL: no control has an assessment
  weight INTEGER NOT NULL,
  resources INTEGER NOT NULL,
  compliant INTEGER NOT NULL,
  noncompliant INTEGER NOT NULL,
  unknown INTEGER NOT NULL,
  error INTEGER NOT NULL,
  not_applicable INTEGER NOT NULL,
  exempt INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  critical INTEGER NOT NULL,   -- of the noncompliant that are not accepted, by severity
  high INTEGER NOT NULL,
  medium INTEGER NOT NULL,
  low INTEGER NOT NULL,
  opened INTEGER NOT NULL,     -- findings that the run before did not have, those that came back included
  closed INTEGER NOT NULL
) STRICT;
CREATE INDEX runs_by_time ON runs (series, time, id);

CREATE TABLE run_subscriptions (
  run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  subscription TEXT NOT NULL,
  score REAL,
  weight INTEGER NOT NULL,
  compliant INTEGER NOT NULL,
  noncompliant INTEGER NOT NULL,
  unknown INTEGER NOT NULL,
  error INTEGER NOT NULL,
  not_applicable INTEGER NOT NULL,
  exempt INTEGER NOT NULL,
  PRIMARY KEY (run, subscription)
) STRICT, WITHOUT ROWID;

-- One row a finding, from when it was first seen; runs may be removed, dates stay.
CREATE TABLE findings (
  series INTEGER NOT NULL REFERENCES series (id),
  finding TEXT NOT NULL,       -- id (contracts, "posture scan")
  policy TEXT NOT NULL,
  title TEXT NOT NULL,
  resource TEXT NOT NULL,
  type TEXT NOT NULL,
  severity INTEGER NOT NULL,   -- core/level.h
  state TEXT NOT NULL,         -- noncompliant, accepted, unknown, error
  owner TEXT NOT NULL,
  environment TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  last_run INTEGER NOT NULL,
  opened_run INTEGER NOT NULL, -- where it appeared, or came back
  due INTEGER,                 -- of noncompliant ones
  closed INTEGER,
  closed_run INTEGER,
  PRIMARY KEY (series, finding)
) STRICT, WITHOUT ROWID;
CREATE INDEX open_findings ON findings (series, owner, due) WHERE closed IS NULL;
