import { basename, dirname } from 'node:path';
import { writeFilesWhole } from '../store/write-files.js';

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
