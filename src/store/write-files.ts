import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SslapiError } from '../errors.js';

/** A file to be written whole or not at all. */
export interface FileToWrite {
  /** Relative to the folder. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** 0600 for secrets, 0644 for what everybody may read. */
  readonly mode: 0o600 | 0o644;
}

/** Writes files into any folder, which is made where it is missing; each appears whole or not at all.
 *  @param mode 'new' overwrites nothing
 *  @throws SslapiError ERR_FILE_EXISTS, ERR_PERMISSION, ERR_IO */
export function writeFilesWhole(
  folder: string,
  files: readonly FileToWrite[],
  mode: 'new' | 'replace' = 'replace',
): void {
  const written: Array<[temporary: string, final: string]> = [];
  try {
    if (mode === 'new') refuseFilesInTheWay(folder, files);
    const folderMode = files.some((file) => file.mode === 0o600) ? 0o700 : 0o755;
    for (const { path, content, mode: fileMode } of files) {
      const final = join(folder, path);
      const temporary = join(dirname(final), `${TEMPORARY}${basename(final)}.${process.pid}`);
      makeMissingFolder(dirname(final), folderMode);
      written.push([temporary, final]);
      writeFlushed(temporary, content, fileMode);
      keepOwner(final, temporary);
    }
    for (const [temporary, final] of written) renameSync(temporary, final);
    for (const parent of new Set(written.map(([, final]) => dirname(final)))) flushFolder(parent);
  } catch (error) {
    for (const [temporary] of written) if (existsSync(temporary)) rmSync(temporary, { force: true });
    throw fileError(error, folder);
  }
}

/** @throws SslapiError ERR_FILE_EXISTS where one of the files is there */
export function refuseFilesInTheWay(folder: string, files: ReadonlyArray<Pick<FileToWrite, 'path'>>): void {
  const inTheWay = files.find(({ path }) => existsSync(join(folder, path)));
  if (inTheWay !== undefined)
    throw new SslapiError('ERR_FILE_EXISTS', `${join(folder, inTheWay.path)} is there already`);
}

/** Makes a folder with that mode, whatever the umask, and those above it; one that was there keeps its own.
 *  Node's `recursive` never ends under /proc, where a folder that is there refuses to have another. */
export function makeMissingFolder(path: string, mode: number): void {
  if (existsSync(path)) return;
  makeMissingFolder(dirname(path), mode);
  try {
    mkdirSync(path, mode);
    chmodSync(path, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process was faster
  }
}

/** Says what the file system says in our words. */
export function fileError(error: unknown, path: string): unknown {
  if (error instanceof SslapiError) return error;
  const { code } = error as { code?: string };
  if (code === undefined) return error;
  const what = FILE_ERRORS.get(code);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new SslapiError('ERR_PERMISSION', `no permission for ${path}`, { cause: error });
  }
  return new SslapiError('ERR_IO', `${path}: ${what ?? code}`, { cause: error });
}

function writeFlushed(path: string, content: string | Uint8Array, mode: number): void {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  rmSync(path, { force: true });
  const descriptor = openSync(path, 'wx', mode);
  try {
    fchmodSync(descriptor, mode); // whatever the umask
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** What root writes over a service's key stays the service's. */
export function keepOwner(former: string, path: string): void {
  if (process.getuid?.() !== 0 || !existsSync(former)) return;
  const { uid, gid } = statSync(former);
  chownSync(path, uid, gid);
}

/** Makes sure that what was renamed in a folder stays renamed. */
export function flushFolder(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** What a file that is not whole yet begins with. */
export const TEMPORARY = '.sslapi-';
const FILE_ERRORS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such file or folder'],
  ['ENOTDIR', 'a part of that path is no folder'],
  ['EISDIR', 'this is a folder'],
  ['EEXIST', 'it is there already'],
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the quota is used up'],
  ['EMFILE', 'too many files are open'],
  ['ENAMETOOLONG', 'that path is too long'],
]);
