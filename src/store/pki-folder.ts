import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SslapiError } from '../errors.js';
import { readKeyFile, replaceKeyFiles } from './key-files.js';
import { replaceFilesTogether } from './linked-files.js';
import { openSqliteStore, STORE_WAIT_MS, storeError } from './sqlite.js';
import { begin, isBusy, openDatabase, type SqliteDatabase } from './sqlite-driver.js';
import type { Store } from './store.js';
import { type FileToWrite, fileError, makeMissingFolder, TEMPORARY, writeFilesWhole } from './write-files.js';

/** Held until released; the system lets go of it when the process dies. */
export interface Lock {
  release(): void;
}

/** The pki folder: the one place in sslapi that writes there. */
export class PkiFolder {
  /** Absolute. */
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  /** The absolute path of something inside. */
  at(...parts: readonly string[]): string {
    return join(this.path, ...parts);
  }

  /** Whether there is a store inside, and so a CA. */
  get holdsStore(): boolean {
    return existsSync(this.at(STORE_FILE));
  }

  /** Makes the folders and an empty store. @throws SslapiError ERR_PERMISSION, ERR_IO */
  async create(): Promise<Store> {
    return this.#guard(this.path, () => {
      for (const [folder, mode] of FOLDERS) makeFolder(this.at(folder), mode);
      this.writeFiles([{ path: '.gitignore', content: GITIGNORE, mode: 0o644 }]);
      return openSqliteStore(this.at(STORE_FILE), 'create');
    });
  }

  /** Makes the folder where it is missing, and waits until nobody else makes a CA in it. A folder that was there
   *  keeps its mode. */
  lockForCreation(): Promise<Lock> {
    this.#guard(this.path, () => makeMissingFolder(this.path, 0o755));
    return this.#lockFile('create');
  }

  /** Waits until nobody else publishes CRLs. Taken after the lock of a NAME, never before one. */
  lockForCrls(): Promise<Lock> {
    return this.#lockFile('crl');
  }

  /** Takes away a store that no CA was ever finished in; itself last, so that a crash leaves it unfinished. */
  removeUnfinishedStore(): void {
    this.#guard(this.path, () => {
      for (const file of ['ca.crt', 'ca-chain.crt']) rmSync(this.at(file), { force: true });
      for (const suffix of ['', '-wal', '-shm']) rmSync(this.at(`${STORE_FILE}${suffix}`), { force: true });
    });
  }

  /** Opens the store. @throws SslapiError ERR_CA_NOT_FOUND where there is none */
  openStore(): Promise<Store> {
    if (!existsSync(this.path)) throw new SslapiError('ERR_CA_NOT_FOUND', `there is no folder ${this.path}`);
    return this.#guard(this.path, () => {
      readdirSync(this.path); // tells a folder of someone else apart from one without a CA
      if (!this.holdsStore) throw new SslapiError('ERR_CA_NOT_FOUND', `there is no CA in ${this.path}`);
      return openSqliteStore(this.at(STORE_FILE), 'open');
    });
  }

  /** Reads a file inside, or gives null where it is not there. At most 64 MiB. */
  read(...parts: readonly string[]): Uint8Array | null {
    const path = this.at(...parts);
    return this.#guard(path, () => (existsSync(path) ? readFileSync(path) : null));
  }

  /** Reads the key of a CA, or gives null where it is away. */
  readKey(role: string): Uint8Array | null {
    return readKeyFile(this.at('private'), `${role}.key`);
  }

  /** Replaces keys of CAs, by their roles: all of them or none, whatever comes between. */
  replaceKeys(keys: ReadonlyArray<{ readonly role: string; readonly pem: string }>): void {
    replaceKeyFiles(
      this.at('private'),
      keys.map(({ role, pem }) => ({ path: `${role}.key`, content: pem, mode: 0o600 })),
    );
  }

  /** Mode and owner of something inside, or null where it is not there, or Windows knows no such thing. */
  accessOf(...parts: readonly string[]): { readonly mode: number; readonly uid: number } | null {
    const path = this.at(...parts);
    if (process.platform === 'win32') return null;
    return this.#guard(path, () => {
      const found = statSync(path, { throwIfNoEntry: false });
      return found === undefined ? null : { mode: found.mode & 0o777, uid: found.uid };
    });
  }

  /** Whether nobody is at that NAME now. NAMEs share locks: a no may mean another. */
  isNameFree(name: string): boolean {
    const database = openDatabase(this.at(LOCKS, `${bucketOf(name)}.lock`));
    try {
      database.exec('BEGIN EXCLUSIVE');
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      throw storeError(error, this.at(LOCKS));
    } finally {
      database.close();
    }
  }

  /** Writes files that belong together: all of them whole beside their places first, flushed, then renamed in order. */
  writeFiles(files: readonly FileToWrite[]): void {
    writeFilesWhole(this.path, files);
  }

  /** Writes the files of a NAME, the key and its certificate in one step where others lie there.
   *  @param version names these files; the serial number */
  replaceIssued(name: string, files: readonly FileToWrite[], version: string): void {
    this.prepareIssued(name);
    replaceFilesTogether(this.at('issued', name), files, version);
  }

  /** Makes the folder of a NAME, 0700, and takes out what a killed run left half-written there. */
  prepareIssued(name: string): void {
    const folder = this.at('issued', name);
    this.#guard(folder, () => {
      makeFolder(folder, 0o700);
      for (const file of readdirSync(folder))
        if (file.startsWith(TEMPORARY)) rmSync(join(folder, file), { force: true });
    });
  }

  /** Waits for the lock of that NAME, in this process and all others, and takes it. One at a time: NAMEs share
   *  256 files, so two may now and then wait for each other; none is ever wrongly let through. */
  lockForName(name: string): Promise<Lock> {
    return this.#lockFile(bucketOf(name));
  }

  async #lockFile(name: string): Promise<Lock> {
    const path = this.at(LOCKS, `${name}.lock`);
    this.#guard(path, () => makeFolder(this.at(LOCKS), 0o700));
    let database: SqliteDatabase | undefined;
    try {
      database = openDatabase(path);
      await begin(database, 'EXCLUSIVE', STORE_WAIT_MS);
    } catch (error) {
      database?.close();
      throw storeError(error, path);
    }
    const held = database;
    return { release: () => held.close() };
  }

  #guard<T>(path: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw fileError(error, path);
    }
  }
}

function makeFolder(path: string, mode: number): void {
  mkdirSync(path, { recursive: true, mode });
  if ((statSync(path).mode & 0o777) !== mode) chmodSync(path, mode);
}

/** FNV-1a, folded to 8 bits. */
function bucketOf(key: string): string {
  let hash = 0x811c9dc5;
  for (const octet of Buffer.from(key)) hash = Math.imul(hash ^ octet, 0x01000193) >>> 0;
  return ((hash ^ (hash >>> 8) ^ (hash >>> 16) ^ (hash >>> 24)) & 0xff).toString(16).padStart(2, '0');
}

const STORE_FILE = 'sslapi.db';
const LOCKS = '.locks';
const FOLDERS: ReadonlyArray<readonly [string, number]> = [
  ['private', 0o700],
  ['issued', 0o755],
  ['crl', 0o755],
  [LOCKS, 0o700],
];
const GITIGNORE = `# Secrets, and what only this machine needs, stay out of git.
private/
issued/**/privkey.pem
issued/**/fullchain.pem.key
*.p12
sslapi.db*
.locks/
`;
