import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type FileToWrite, fileError, flushFolder, keepOwner, writeFilesWhole } from './write-files.js';

/** Replaces keys in the private folder, all of them or none: they are written whole into a folder beside them, and the
 *  one rename that gives that folder its name is the moment from which they count. What a crash after it leaves there
 *  is read first and moved to its place by the next run.
 *  @throws SslapiError ERR_PERMISSION, ERR_IO: then everything is as it was */
export function replaceKeyFiles(folder: string, files: readonly FileToWrite[]): void {
  try {
    settleKeyFiles(folder);
    for (const name of readdirSync(folder))
      if (name.startsWith(STAGED)) rmSync(join(folder, name), { recursive: true, force: true });
    const staged = join(folder, `${STAGED}.${process.pid}`);
    writeFilesWhole(staged, files);
    for (const { path } of files) keepOwner(join(folder, path), join(staged, path));
    keepOwner(folder, staged);
    renameSync(staged, join(folder, REPLACED));
  } catch (error) {
    throw fileError(error, folder);
  }
  try {
    flushFolder(folder);
    settleKeyFiles(folder);
  } catch {
    // They count already, from where they lie; the next run moves them.
  }
}

/** Reads a key as it was last replaced, or gives null where there is none of that name.
 *  @throws SslapiError ERR_PERMISSION, ERR_IO */
export function readKeyFile(folder: string, name: string): Uint8Array | null {
  const path = join(folder, name);
  try {
    return readIfThere(join(folder, REPLACED, name)) ?? readIfThere(path);
  } catch (error) {
    throw fileError(error, path);
  }
}

/** Moves what was replaced to its place. */
function settleKeyFiles(folder: string): void {
  const replaced = join(folder, REPLACED);
  if (!existsSync(replaced)) return;
  for (const name of readdirSync(replaced)) renameSync(join(replaced, name), join(folder, name));
  rmSync(replaced, { recursive: true });
  flushFolder(folder);
}

function readIfThere(path: string): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

const STAGED = '.replaced';
/** Where the keys lie between the moment from which they count and the one at which they are in their places. */
const REPLACED = 'replaced';
