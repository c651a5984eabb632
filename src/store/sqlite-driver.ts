import Database from 'libsql';
import { SslapiError } from '../errors.js';

export type SqliteDatabase = Database.Database;
export type SqliteValue = string | number | bigint | Buffer | null;

/** Opens a database file through libsql, the one native package we have; it never waits for a lock by itself. */
export function openDatabase(path: string): SqliteDatabase {
  return new Database(path, { timeout: 0 });
}

/** Begins a transaction, waiting while another process is in one. */
export async function begin(
  database: SqliteDatabase,
  kind: 'IMMEDIATE' | 'EXCLUSIVE',
  waitMs: number,
): Promise<void> {
  await patiently(waitMs, () => database.exec(`BEGIN ${kind}`));
}

/** Asks again every few milliseconds while SQLite says that another process is in the way. Readers meet that too,
 *  while another recovers the log after a crash or, being the last, clears it away. @throws SslapiError ERR_STORE_BUSY */
export async function patiently<T>(waitMs: number, work: () => T | Promise<T>): Promise<T> {
  for (const deadline = Date.now() + waitMs; ; await pause()) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (Date.now() > deadline)
        throw new SslapiError('ERR_STORE_BUSY', `the store was locked for ${Math.round(waitMs / 1000)} s`);
    }
  }
}

/** Whether SQLite says that another connection is in the way. */
export function isBusy(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return String(code).startsWith('SQLITE_BUSY') || String(message).includes('database is locked');
}

/** Two to ten milliseconds, so that many who wait do not ask in step. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2 + Math.random() * 8));
}
