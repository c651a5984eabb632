import {
  chownSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  type FileToWrite,
  fileError,
  flushFolder,
  keepOwner,
  makeMissingFolder,
  TEMPORARY,
  writeFilesWhole,
} from './write-files.js';

/** Writes files over others that they belong together with: a key and its certificate. Where a key is replaced, all of
 *  them change by one rename: the files lie in a folder of this version, `.current` points to it, and what stands in
 *  their places are links through `.current`. So a crash never leaves a key beside another's certificate, and who
 *  enters `.current` once reads what belongs together, for the version before stays until the next one.
 *  Where a file system has no symbolic links they are renamed one by one.
 *  @param version names the files' folder; each only once
 *  @throws SslapiError ERR_PERMISSION, ERR_IO: then everything is as it was */
export function replaceFilesTogether(folder: string, files: readonly FileToWrite[], version: string): void {
  try {
    const former = formerVersion(folder, files, version);
    if (former === null) writeFilesWhole(folder, files);
    else turnTo(folder, former, files, version);
  } catch (error) {
    throw fileError(error, folder);
  }
}

/** The version that the links show, made of what lies there where a key is about to be replaced; null where the files
 *  can be written as they are. */
function formerVersion(folder: string, files: readonly FileToWrite[], version: string): string | null {
  const pointer = join(folder, CURRENT);
  if (isLink(pointer)) return readlinkSync(pointer);
  return replacesSecret(folder, files) ? pointAt(folder, `${VERSION}before-${version}`) : null;
}

function turnTo(folder: string, former: string, files: readonly FileToWrite[], version: string): void {
  const next = `${VERSION}${version}`;
  try {
    adoptFiles(folder, former, files);
    fillVersion(folder, former, files, next);
    link(join(folder, CURRENT), next);
  } catch (error) {
    rmSync(join(folder, next), { recursive: true, force: true });
    throw error;
  }
  linkFiles(folder, next);
  for (const name of readdirSync(folder))
    if (name.startsWith(VERSION) && name !== next && name !== former)
      rmSync(join(folder, name), { recursive: true, force: true });
  flushFolder(folder);
}

/** Whether a key would be written over another. */
function replacesSecret(folder: string, files: readonly FileToWrite[]): boolean {
  return files.some(({ path, mode }) => mode === SECRET && existsSync(join(folder, path)));
}

/** Makes an empty version the current one; null where there are no symbolic links. */
function pointAt(folder: string, version: string): string | null {
  makeVersionFolder(folder, version);
  try {
    link(join(folder, CURRENT), version);
    return version;
  } catch (error) {
    if (!NO_LINKS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    rmSync(join(folder, version), { recursive: true, force: true });
    return null;
  }
}

/** Moves what still lies in the files' places into the current version, a link to it in its place: every name goes on
 *  saying what it said. */
function adoptFiles(folder: string, version: string, files: readonly FileToWrite[]): void {
  const plain = files.map(({ path }) => path).filter((path) => isPlainFile(join(folder, path)));
  const beside = readdirSync(folder).filter((name) => !name.startsWith('.') && !plain.includes(name));
  const ours = [...plain, ...beside.filter((name) => OURS.has(name) && isPlainFile(join(folder, name)))];
  writeFilesWhole(
    join(folder, version),
    ours.map((path) => asItIs(folder, path)),
  );
  for (const path of ours) {
    keepOwner(join(folder, path), join(folder, version, path));
    link(join(folder, path), join(CURRENT, path));
  }
  flushFolder(folder);
}

/** The new version: the new files, and of the former one those that stay. */
function fillVersion(folder: string, former: string, files: readonly FileToWrite[], next: string): void {
  const before = join(folder, former);
  makeVersionFolder(folder, next);
  const staying = readdirSync(before).filter(
    (name) => !name.startsWith(TEMPORARY) && !files.some(({ path }) => path === name),
  );
  writeFilesWhole(join(folder, next), [...files, ...staying.map((path) => asItIs(before, path))]);
  for (const path of readdirSync(join(folder, next))) keepOwner(join(before, path), join(folder, next, path));
}

function linkFiles(folder: string, version: string): void {
  for (const name of readdirSync(join(folder, version)))
    if (!isLink(join(folder, name))) link(join(folder, name), join(CURRENT, name));
}

/** Makes a link or turns one, in one step. */
function link(path: string, target: string): void {
  const temporary = join(dirname(path), `${TEMPORARY}${basename(path)}.${process.pid}`);
  rmSync(temporary, { force: true });
  symlinkSync(target, temporary);
  renameSync(temporary, path);
}

function makeVersionFolder(folder: string, version: string): void {
  const path = join(folder, version);
  rmSync(path, { recursive: true, force: true }); // half-made by a run that was killed
  const { mode, uid, gid } = statSync(folder);
  makeMissingFolder(path, mode & 0o777);
  if (process.getuid?.() === 0) chownSync(path, uid, gid);
}

function asItIs(folder: string, path: string): FileToWrite {
  const from = join(folder, path);
  return { path, content: readFileSync(from), mode: (statSync(from).mode & 0o077) === 0 ? SECRET : 0o644 };
}

function isPlainFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

const CURRENT = '.current';
const VERSION = '.version-';
const SECRET = 0o600;
/** What lies in the folder of a certificate, its PKCS#12 file apart. */
const OURS: ReadonlySet<string> = new Set([
  'cert.pem',
  'chain.pem',
  'fullchain.pem',
  'privkey.pem',
  'fullchain.pem.key',
]);
/** What Windows without the right to it, and file systems of memory cards, say of a symbolic link. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL']);
