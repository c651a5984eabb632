/** Every change of the store's tables, in order; the version of a store is how many of them it has seen. Append only. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE authority (
    id TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    certificate BLOB NOT NULL,
    serial_number TEXT NOT NULL,
    reserved_serial TEXT NOT NULL,
    next_update_seconds INTEGER NOT NULL,
    last_crl_number TEXT NOT NULL DEFAULT '0',
    crl_number TEXT,
    crl_this_update INTEGER,
    crl_next_update INTEGER
  ) STRICT;
  CREATE TABLE certificate (
    serial_number TEXT PRIMARY KEY,
    authority_id TEXT NOT NULL REFERENCES authority (id),
    name TEXT NOT NULL,
    profile TEXT NOT NULL,
    line TEXT NOT NULL,
    subject TEXT NOT NULL,
    issuer TEXT NOT NULL,
    subject_alt_name TEXT NOT NULL,
    not_before INTEGER NOT NULL,
    not_after INTEGER NOT NULL,
    key_type TEXT NOT NULL,
    signature_algorithm TEXT NOT NULL,
    fingerprint256 TEXT NOT NULL,
    certificate BLOB,
    delivered INTEGER NOT NULL,
    folder TEXT,
    revocation_date INTEGER,
    revocation_reason TEXT,
    invalidity_date INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX certificate_by_name ON certificate (name);
  CREATE INDEX certificate_undelivered ON certificate (name) WHERE delivered = 0;
  CREATE INDEX certificate_revoked ON certificate (authority_id, serial_number) WHERE revocation_date IS NOT NULL;
  CREATE TABLE event (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    serial_number TEXT,
    details TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER event_is_append_only_update BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
  CREATE TRIGGER event_is_append_only_delete BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'events are never removed'); END;
  `,
  // What another tool's CRL listed without a certificate that we hold; a serial number counts for its CA alone.
  `
  CREATE TABLE crl_entry (
    authority_id TEXT NOT NULL REFERENCES authority (id),
    serial_number TEXT NOT NULL,
    revocation_date INTEGER NOT NULL,
    revocation_reason TEXT NOT NULL,
    invalidity_date INTEGER,
    PRIMARY KEY (authority_id, serial_number)
  ) STRICT, WITHOUT ROWID;
  `,
  // Counts every change of who is revoked, so that a server need not look at each of its clients after every other one.
  `
  CREATE TABLE revocation_edition (edition INTEGER NOT NULL) STRICT;
  INSERT INTO revocation_edition VALUES (0);
  CREATE TRIGGER revocation_changes AFTER UPDATE OF revocation_date ON certificate
    WHEN OLD.revocation_date IS NOT NEW.revocation_date
    BEGIN UPDATE revocation_edition SET edition = edition + 1; END;
  CREATE TRIGGER revocation_comes_with_certificate AFTER INSERT ON certificate
    WHEN NEW.revocation_date IS NOT NULL
    BEGIN UPDATE revocation_edition SET edition = edition + 1; END;
  CREATE TRIGGER revocation_comes_with_crl AFTER INSERT ON crl_entry
    BEGIN UPDATE revocation_edition SET edition = edition + 1; END;
  `,
  // What the demo API keeps for its clients; an id is never given out twice.
  `
  CREATE TABLE item (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    content TEXT NOT NULL,
    owner TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    edition INTEGER NOT NULL
  ) STRICT;
  `,
  // Who lives is asked all the time, and may be few among a great many that were revoked.
  `
  CREATE INDEX certificate_live ON certificate (profile, not_after) WHERE revocation_date IS NULL;
  `,
];
