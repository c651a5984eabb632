import type { SqliteValue } from './sqlite-driver.js';
import type { CertificateFilter } from './store.js';

/** A filter as SQL: the WHERE clause, empty where everything is wanted, and what its question marks stand for. */
export function conditionsOf(filter: CertificateFilter): { clause: string; values: SqliteValue[] } {
  const conditions: string[] = [];
  const values: SqliteValue[] = [];
  const where = (condition: string, ...its: SqliteValue[]): void => {
    conditions.push(condition);
    values.push(...its);
  };
  const { name, line, delivered, profiles, revoked, endsFrom, endsBefore } = filter;
  if (name !== undefined) where('name = ?', name);
  if (line !== undefined) where('line = ?', line);
  if (delivered !== undefined) where('delivered = ?', delivered ? 1 : 0);
  if (profiles !== undefined) where(`profile IN (${profiles.map(() => '?').join(', ')})`, ...profiles);
  if (revoked !== undefined) where(`revocation_date IS ${revoked ? 'NOT NULL' : 'NULL'}`);
  if (endsFrom !== undefined) where('not_after >= ?', endsFrom.getTime());
  if (endsBefore !== undefined) where('not_after < ?', endsBefore.getTime());
  return { clause: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`, values };
}
