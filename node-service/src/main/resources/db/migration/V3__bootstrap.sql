-- Whether a topology was taken from a file; at which revision, for whoever looks.
CREATE TABLE bootstrap (
  only     INTEGER PRIMARY KEY CHECK (only = 1),
  revision INTEGER NOT NULL
);
