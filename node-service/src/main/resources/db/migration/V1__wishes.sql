-- What is wished. One row: the node has one revision, which never goes back.
CREATE TABLE node (
  only     INTEGER PRIMARY KEY CHECK (only = 1),
  revision INTEGER NOT NULL
);
INSERT INTO node (only, revision) VALUES (1, 0);

-- Bodies are JSON as over REST, with their secrets and with defaults filled in.
CREATE TABLE wish (
  type     TEXT    NOT NULL,
  name     TEXT    NOT NULL,
  revision INTEGER NOT NULL,
  body     TEXT    NOT NULL,
  PRIMARY KEY (type, name)
) WITHOUT ROWID;

-- What wishes were before they were replaced or deleted, until the kernel has followed.
CREATE TABLE former (
  seq      INTEGER PRIMARY KEY AUTOINCREMENT,
  type     TEXT    NOT NULL,
  name     TEXT    NOT NULL,
  revision INTEGER NOT NULL,
  body     TEXT    NOT NULL
);
CREATE INDEX former_by_id ON former (type, name);
