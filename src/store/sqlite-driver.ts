import Database from 'libsql';
import { SslapiError } from '../errors.js';

export type SqliteDatabase = Database.Database;
export type SqliteValue = string | number | bigint | Buffer | null;

/** Opens a database file through libsql, the one native package we have; it never waits for a lock by itself. */
export function openDatabase(path: string): SqliteDatabase {
  return new Database(path, { timeout: 0 });
}

/** Begins a transaction, asking again every few milliseconds while another process is in one. */
export async function begin(
  database: SqliteDatabase,
  kind: 'IMMEDIATE' | 'EXCLUSIVE',
  waitMs: number,
): Promise<void> {
  for (const deadline = Date.now() + waitMs; ; await pause()) {
    try {
      database.exec(`BEGIN ${kind}`);
      return;
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
