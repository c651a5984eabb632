import type { Item } from './items.js';
import type { SqliteDatabase } from './sqlite-driver.js';
import { conditionsOf } from './sqlite-filter.js';
import {
  authorityOf,
  certificateOf,
  contentOf,
  date,
  itemOf,
  revocationOf,
  text,
  valuesOf,
} from './sqlite-rows.js';
import { SqliteStatements } from './sqlite-statements.js';
import type {
  AuthorityRecord,
  CertificateFilter,
  CertificateRecord,
  CrlState,
  EventRecord,
  Revocation,
  RevokedSerial,
  StoreTransaction,
  Tally,
} from './store.js';

/** What can be done inside a transaction, in SQL. */
export class SqliteTransaction implements StoreTransaction {
  readonly #sql: SqliteStatements;

  constructor(database: SqliteDatabase) {
    this.#sql = new SqliteStatements(database);
  }

  /** Before the database is closed. */
  forgetStatements(): void {
    this.#sql.forget();
  }

  async setting(key: string): Promise<string | null> {
    return text(this.#sql.row('SELECT value FROM setting WHERE key = ?', key)?.value ?? null);
  }

  async setSetting(key: string, value: string): Promise<void> {
    this.#sql.run(
      'INSERT INTO setting VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      key,
      value,
    );
  }

  async authorities(): Promise<AuthorityRecord[]> {
    return this.#sql.rows('SELECT * FROM authority ORDER BY role DESC').map(authorityOf);
  }

  async insertAuthority(record: AuthorityRecord): Promise<void> {
    this.#sql.run(
      'INSERT INTO authority (id, role, certificate, serial_number, reserved_serial, next_update_seconds) VALUES (?, ?, ?, ?, ?, ?)',
      record.id,
      record.role,
      Buffer.from(record.certificate),
      record.serialNumber,
      record.reservedSerial,
      record.nextUpdateSeconds,
    );
  }

  async insertCertificate(record: CertificateRecord): Promise<void> {
    const values = valuesOf(record);
    this.#sql.run(`INSERT INTO certificate VALUES (${values.map(() => '?').join(', ')})`, ...values);
  }

  async certificate(serialNumber: string): Promise<CertificateRecord | null> {
    const row = this.#sql.row('SELECT * FROM certificate WHERE serial_number = ?', serialNumber);
    return row === undefined ? null : certificateOf(row);
  }

  async certificates(filter: CertificateFilter): Promise<CertificateRecord[]> {
    const { clause, values } = conditionsOf(filter);
    const all = `SELECT * FROM certificate ${clause}`;
    const order = 'ORDER BY not_before, serial_number';
    const { newest } = filter;
    if (newest === undefined) return this.#sql.rows(`${all} ${order}`, ...values).map(certificateOf);
    const last = `${all} ORDER BY not_before DESC, serial_number DESC LIMIT ?`;
    return this.#sql.rows(`SELECT * FROM (${last}) ${order}`, ...values, newest).map(certificateOf);
  }

  async liveNames(prefix: string, now: Date): Promise<string[]> {
    const rows = this.#sql.rows(
      `SELECT DISTINCT name FROM certificate
       WHERE ${LEAVES} AND revocation_date IS NULL AND not_after >= ? AND substr(name, 1, ?) = ? ORDER BY name LIMIT 1000`,
      now.getTime(),
      prefix.length,
      prefix,
    );
    return rows.map((row) => String(row.name));
  }

  async tally(now: Date, lastEnd: Date): Promise<Tally> {
    const moment = now.getTime();
    const counted = this.#sql.row(
      `SELECT COALESCE(SUM(revocation_date IS NULL AND not_after >= ?1), 0) AS live,
              COALESCE(SUM(revocation_date IS NOT NULL), 0) AS revoked,
              COALESCE(SUM(revocation_date IS NULL AND not_after < ?1), 0) AS expired
       FROM certificate WHERE ${LEAVES}`,
      moment,
    )!;
    // Beside MAX, SQLite takes the other columns from the row that has it.
    const newest = `SELECT name, not_before, MAX(not_after) AS not_after FROM certificate
       WHERE ${LEAVES} AND revocation_date IS NULL AND delivered = 1 GROUP BY name`;
    const due = this.#sql.row(
      `SELECT COUNT(*) AS due FROM (${newest}) WHERE not_after < ?2
         AND (not_after - ?1) * 3 <= not_after - not_before AND ?1 - not_after <= not_after - not_before`,
      moment,
      lastEnd.getTime(),
    );
    const next = this.#sql.row(
      `SELECT * FROM (${newest}) WHERE not_after >= ? ORDER BY not_after LIMIT 1`,
      moment,
    );
    return {
      live: Number(counted.live),
      revoked: Number(counted.revoked),
      expired: Number(counted.expired),
      due: Number(due?.due ?? 0),
      next: next ? { name: String(next.name), notAfter: date(next.not_after) } : null,
    };
  }

  async markDelivered(serialNumber: string): Promise<void> {
    this.#sql.run('UPDATE certificate SET delivered = 1 WHERE serial_number = ?', serialNumber);
  }

  async revoke(
    serialNumber: string,
    { revocationDate, reason, invalidityDate }: Revocation,
  ): Promise<boolean> {
    const changes = this.#sql.run(
      `UPDATE certificate SET revocation_date = ?, revocation_reason = ?, invalidity_date = ?
       WHERE serial_number = ? AND revocation_date IS NULL`,
      revocationDate.getTime(),
      reason,
      invalidityDate?.getTime() ?? null,
      serialNumber,
    );
    return changes > 0;
  }

  async unrevoke(serialNumber: string): Promise<boolean> {
    const changes = this.#sql.run(
      `UPDATE certificate SET revocation_date = NULL, revocation_reason = NULL, invalidity_date = NULL
       WHERE serial_number = ? AND revocation_reason = 'certificateHold'`,
      serialNumber,
    );
    return changes > 0;
  }

  async revocation(serialNumber: string, authorityId?: string): Promise<Revocation | null | 'unknown'> {
    const row = this.#sql.row(REVOCATION, serialNumber, authorityId ?? null);
    return row === undefined ? 'unknown' : revocationOf(row);
  }

  async revocationEdition(): Promise<number> {
    return Number(this.#sql.row('SELECT edition FROM revocation_edition')?.edition ?? 0);
  }

  async revokedSerials(authorityId: string, expiredAfter: Date): Promise<RevokedSerial[]> {
    const rows = this.#sql.rows(
      `SELECT serial_number, revocation_date, revocation_reason, invalidity_date FROM certificate
       WHERE authority_id = ? AND revocation_date IS NOT NULL
         AND ((certificate IS NULL AND profile = 'probe') OR not_after >= ?)
       UNION ALL
       SELECT serial_number, revocation_date, revocation_reason, invalidity_date FROM crl_entry WHERE authority_id = ?
       ORDER BY serial_number`,
      authorityId,
      expiredAfter.getTime(),
      authorityId,
    );
    return rows.map((row) => ({ serialNumber: String(row.serial_number), ...revocationOf(row)! }));
  }

  async crlState(authorityId: string): Promise<CrlState | null> {
    const row = this.#sql.row(
      'SELECT crl_number, crl_this_update, crl_next_update FROM authority WHERE id = ?',
      authorityId,
    );
    if (row === undefined || row.crl_number === null) return null;
    return {
      number: BigInt(String(row.crl_number)),
      thisUpdate: date(row.crl_this_update),
      nextUpdate: date(row.crl_next_update),
    };
  }

  async takeCrlNumber(authorityId: string): Promise<bigint> {
    const row = this.#sql.row('SELECT last_crl_number FROM authority WHERE id = ?', authorityId);
    const number = BigInt(String(row?.last_crl_number ?? '0')) + 1n;
    this.#sql.run('UPDATE authority SET last_crl_number = ? WHERE id = ?', String(number), authorityId);
    return number;
  }

  async recordCrl(authorityId: string, { number, thisUpdate, nextUpdate }: CrlState): Promise<void> {
    this.#sql.run(
      'UPDATE authority SET crl_number = ?, crl_this_update = ?, crl_next_update = ? WHERE id = ?',
      String(number),
      thisUpdate.getTime(),
      nextUpdate.getTime(),
      authorityId,
    );
  }

  async continueCrlNumbers(authorityId: string, last: bigint): Promise<void> {
    this.#sql.run('UPDATE authority SET last_crl_number = ? WHERE id = ?', String(last), authorityId);
  }

  async insertCrlEntry(
    authorityId: string,
    { serialNumber, revocationDate, reason, invalidityDate }: RevokedSerial,
  ): Promise<void> {
    this.#sql.run(
      'INSERT INTO crl_entry VALUES (?, ?, ?, ?, ?)',
      authorityId,
      serialNumber,
      revocationDate.getTime(),
      reason,
      invalidityDate?.getTime() ?? null,
    );
  }

  async items(after: number, limit: number): Promise<Item[]> {
    return this.#sql.rows('SELECT * FROM item WHERE id > ? ORDER BY id LIMIT ?', after, limit).map(itemOf);
  }

  async item(id: number): Promise<Item | null> {
    const row = this.#sql.row('SELECT * FROM item WHERE id = ?', id);
    return row === undefined ? null : itemOf(row);
  }

  async countItems(): Promise<number> {
    return Number(this.#sql.row('SELECT COUNT(*) AS count FROM item')?.count);
  }

  async insertItem(item: Omit<Item, 'id'>): Promise<Item> {
    this.#sql.run(
      'INSERT INTO item (content, owner, created_at, changed_at, edition) VALUES (?, ?, ?, ?, ?)',
      contentOf(item),
      item.owner,
      item.createdAt.getTime(),
      item.changedAt.getTime(),
      item.edition,
    );
    return { ...item, id: Number(this.#sql.row('SELECT last_insert_rowid() AS id')?.id) };
  }

  async updateItem(item: Item): Promise<void> {
    this.#sql.run(
      'UPDATE item SET content = ?, changed_at = ?, edition = ? WHERE id = ?',
      contentOf(item),
      item.changedAt.getTime(),
      item.edition,
      item.id,
    );
  }

  async deleteItem(id: number): Promise<void> {
    this.#sql.run('DELETE FROM item WHERE id = ?', id);
  }

  async appendEvent({ at, who, what, serialNumber, details }: EventRecord): Promise<void> {
    this.#sql.run(
      'INSERT INTO event (at, who, what, serial_number, details) VALUES (?, ?, ?, ?, ?)',
      at.getTime(),
      who,
      what,
      serialNumber,
      JSON.stringify(details),
    );
  }

  async events(): Promise<EventRecord[]> {
    return this.#sql.rows('SELECT * FROM event ORDER BY number').map((row) => ({
      at: date(row.at),
      who: String(row.who),
      what: String(row.what),
      serialNumber: text(row.serial_number ?? null),
      details: JSON.parse(String(row.details)) as Record<string, unknown>,
    }));
  }
}

const LEAVES = "profile IN ('server', 'client', 'peer')";
/** By the primary keys of both tables. */
const REVOCATION = `
  SELECT revocation_date, revocation_reason, invalidity_date FROM crl_entry
   WHERE authority_id IN (SELECT id FROM authority WHERE ?2 IS NULL OR id = ?2) AND serial_number = ?1
  UNION ALL
  SELECT revocation_date, revocation_reason, invalidity_date FROM certificate
   WHERE serial_number = ?1 AND (?2 IS NULL OR authority_id = ?2)`;
