-- Format 1. Entries are the exact bytes that were hashed; heads say where each log ends.
-- An entry is looked up by its place and read in order of it, so it stands in that very index.
CREATE TABLE heads (
    coop TEXT NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    time_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE entries (
    coop TEXT NOT NULL,
    seq INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (coop, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE keys (
    coop TEXT NOT NULL,
    key TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (coop, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE records (
    coop TEXT NOT NULL,
    space TEXT NOT NULL,
    name BLOB NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (coop, space, name)
) STRICT, WITHOUT ROWID;
