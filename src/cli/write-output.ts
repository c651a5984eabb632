import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { SslapiError } from '../errors.js';
import { refuseFilesInTheWay, writeFilesWhole } from '../store/write-files.js';

/** Writes a file that a flag names: whole or not at all, and over nothing without --force.
 *  @throws SslapiError ERR_FILE_EXISTS, ERR_PERMISSION, ERR_IO */
export function writeOutput(
  path: string,
  content: string | Uint8Array,
  force: boolean,
  mode: 0o600 | 0o644 = 0o644,
): void {
  writeFilesWhole(dirname(path), [{ path: basename(path), content, mode }], force ? 'replace' : 'new');
}

/** Writes several files into a folder that a flag names, all of them or none.
 *  @throws SslapiError ERR_FILE_EXISTS, ERR_PERMISSION, ERR_IO */
export function writeOutputs(
  folder: string,
  files: readonly { readonly name: string; readonly text: string }[],
  force: boolean,
): void {
  const contents = files.map(({ name, text }) => ({ path: name, content: text, mode: 0o644 as const }));
  writeFilesWhole(folder, contents, force ? 'replace' : 'new');
}

/** Looks before anything is done whether that file could be written, so that nothing is done in vain.
 *  @throws SslapiError ERR_FILE_EXISTS */
export function refuseOutputInTheWay(path: string | undefined, force: boolean | undefined): void {
  if (path !== undefined && path !== '-' && force !== true)
    refuseFilesInTheWay(dirname(path), [{ path: basename(path) }]);
}

/** Looks whether several files of something would go to where one file lies. @throws SslapiError ERR_USAGE */
export function refuseFileForFolder(path: string | undefined, what: string): void {
  if (path === undefined || statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return;
  throw new SslapiError('ERR_USAGE', `${path} is a file, and ${what} has several`, {
    hint: 'Name a folder: --out DIR.',
  });
}
