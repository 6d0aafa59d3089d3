-- Format 3. The keys of the newest entries stand in these alone; those of the entries up to `seq` are in the table of keys too
-- (keys.rs). Up to here, all of them were.
CREATE TABLE keys_until (
    coop TEXT NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO keys_until (coop, seq) SELECT coop, seq FROM heads;
