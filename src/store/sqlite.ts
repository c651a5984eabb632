import { chmodSync, closeSync, existsSync, openSync, statSync } from 'node:fs';
import { SslapiError } from '../errors.js';
import { MIGRATIONS } from './migrations.js';
import { begin, openDatabase, patiently, type SqliteDatabase } from './sqlite-driver.js';
import { SqliteTransaction } from './sqlite-transaction.js';
import type { Store, StoreTransaction } from './store.js';

/** Opens the SQLite store in a file, making it or bringing it up to date first. The file is 0600.
 *  @param mode 'create' makes the file, 'open' wants it to be there
 *  @throws SslapiError ERR_STORE_DAMAGED, ERR_STORE_NEWER, ERR_STORE_BUSY, ERR_PERMISSION */
export async function openSqliteStore(path: string, mode: 'create' | 'open'): Promise<Store> {
  if (mode === 'create') {
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
  } else if (!existsSync(path)) throw new SslapiError('ERR_CA_NOT_FOUND', `there is no store at ${path}`);
  try {
    const database = openDatabase(path);
    try {
      await patiently(STORE_WAIT_MS, () =>
        database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON'),
      );
      await migrate(database);
    } catch (error) {
      database.close();
      throw error;
    }
    return new SqliteStore(database, path);
  } catch (error) {
    throw storeError(error, path);
  }
}

/** How long a process waits for the others before it gives up. */
export const STORE_WAIT_MS = 120_000;

class SqliteStore implements Store {
  readonly #database: SqliteDatabase;
  readonly #transaction: SqliteTransaction;
  readonly #path: string;
  readonly #file: bigint;
  #queue: Promise<unknown> = Promise.resolve();
  /** Transactions of this process, which SQLite's own number leaves out. */
  #written = 0;
  #dataVersion: ReturnType<SqliteDatabase['prepare']> | null = null;

  constructor(database: SqliteDatabase, path: string) {
    this.#database = database;
    this.#path = path;
    this.#file = fileAt(path);
    this.#transaction = new SqliteTransaction(database);
  }

  transaction<T>(work: (transaction: StoreTransaction) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      await begin(this.#database, 'IMMEDIATE', STORE_WAIT_MS);
      try {
        const result = await work(this.#transaction);
        this.#database.exec('COMMIT');
        this.#written += 1;
        return result;
      } catch (error) {
        if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  read<T>(work: (transaction: StoreTransaction) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      await patiently(STORE_WAIT_MS, () => this.#beginReading());
      try {
        return await work(this.#transaction);
      } finally {
        this.#database.exec('COMMIT');
      }
    });
  }

  /** A single statement sees one state by itself. */
  ask<T>(question: (store: StoreTransaction) => Promise<T>): Promise<T> {
    return this.#inTurn(() => patiently(STORE_WAIT_MS, () => question(this.#transaction)));
  }

  async version(): Promise<number> {
    if (fileAt(this.#path) !== this.#file)
      throw new SslapiError('ERR_IO', `the store ${this.#path} is not the one any more that was opened`);
    try {
      return await patiently(STORE_WAIT_MS, () => {
        this.#dataVersion ??= this.#database.prepare('PRAGMA data_version');
        const { data_version } = this.#dataVersion.get([]) as { readonly data_version: number };
        return data_version + this.#written; // both only ever grow
      });
    } catch (error) {
      throw storeError(error, this.#path);
    }
  }

  async close(): Promise<void> {
    await this.#queue.catch(() => undefined);
    if (!this.#database.open) return;
    this.#dataVersion = null;
    this.#transaction.forgetStatements(); // libsql lets go of the file once they are gone
    try {
      this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)'); // a folder copied now is whole
    } finally {
      this.#database.close();
    }
  }

  /** The first look at the file is what may have to wait; after it, the state that is read stays. */
  #beginReading(): void {
    this.#database.exec('BEGIN');
    try {
      storeVersion(this.#database);
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** One transaction of this process at a time: SQLite has one per connection. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work, work).catch((error: unknown) => {
      throw storeError(error, this.#path);
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}

/** What a path leads to; 0 where that is nothing. */
function fileAt(path: string): bigint {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? 0n;
}

async function migrate(database: SqliteDatabase): Promise<void> {
  const version = await patiently(STORE_WAIT_MS, () => storeVersion(database));
  if (version === MIGRATIONS.length) return;
  if (version > MIGRATIONS.length)
    throw new SslapiError(
      'ERR_STORE_NEWER',
      `the store has version ${version}, this sslapi knows ${MIGRATIONS.length}`,
    );
  await begin(database, 'IMMEDIATE', STORE_WAIT_MS);
  for (const migration of MIGRATIONS.slice(storeVersion(database))) database.exec(migration);
  database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  database.exec('COMMIT');
}

function storeVersion(database: SqliteDatabase): number {
  return Number((database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version);
}

/** Says what SQLite says in our words. */
export function storeError(error: unknown, path: string): unknown {
  if (error instanceof SslapiError) return error;
  const code = String((error as { code?: unknown }).code ?? '');
  const message = error instanceof Error ? error.message : String(error);
  const shut = /^SQLITE_(READONLY|PERM|CANTOPEN|AUTH)/.test(code) || code === 'EACCES';
  if (shut || /^ConnectionFailed|readonly database/.test(message)) {
    return new SslapiError('ERR_PERMISSION', `the store ${path} cannot be opened or written`, {
      cause: error,
    });
  }
  const unlike = code === 'SQLITE_ERROR' && DAMAGED_SCHEMA.test(message); // our own SQL is never what is wrong there
  if (unlike || /^SQLITE_(CORRUPT|NOTADB|FORMAT|MISMATCH|TOOBIG)/.test(code))
    return new SslapiError('ERR_STORE_DAMAGED', `the store ${path} is damaged (${message})`, {
      cause: error,
    });
  if (/^SQLITE_(FULL|IOERR)/.test(code))
    return new SslapiError('ERR_IO', `the store ${path} cannot be written (${message})`, { cause: error });
  return error;
}

const DAMAGED_SCHEMA = /unsupported file format|malformed|no such (table|column|index)/;
