-- Who may call the API. Of a token there is only the SHA-256, in hexadecimal; times are milliseconds since 1970.
CREATE TABLE token (
  name         TEXT    NOT NULL PRIMARY KEY,
  role         TEXT    NOT NULL CHECK (role IN ('read', 'operate', 'admin')),
  digest       TEXT    NOT NULL UNIQUE,
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER,
  last_used_at INTEGER
) WITHOUT ROWID;
