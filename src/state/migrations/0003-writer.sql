-- Who this ledger of loads is: rows that it brings into tables with several writers bear the id.

CREATE TABLE writer (
  id TEXT NOT NULL
) STRICT;
INSERT INTO writer (id) VALUES (lower(hex(randomblob(16))));
