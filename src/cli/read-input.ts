import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { SslapiError } from '../errors.js';

/** Certificates and requests are small; more than this is something else. */
export const MAX_INPUT_OCTETS = 1024 * 1024;

/** Reads a file, or standard input for `-`, up to a limit in octets.
 *  @throws SslapiError ERR_INPUT_UNREADABLE, ERR_INPUT_TOO_LARGE */
export function readInput(path: string, limit = MAX_INPUT_OCTETS): Uint8Array {
  if (path === '-') return readStandardInput(limit);
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (cause) {
    throw unreadable(path, cause);
  }
  try {
    if (fstatSync(descriptor).isDirectory())
      throw new SslapiError('ERR_INPUT_UNREADABLE', `${path} is a folder`);
    return readAll(descriptor, path, limit);
  } finally {
    closeSync(descriptor);
  }
}

/** The same, but undefined where there is no such file: the text may be a NAME. */
export function readInputIfThere(path: string, limit = MAX_INPUT_OCTETS): Uint8Array | undefined {
  try {
    return readInput(path, limit);
  } catch (error) {
    const { code } = ((error as SslapiError).cause ?? {}) as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined;
    if ((error as SslapiError).message.endsWith('is a folder')) return undefined;
    throw error;
  }
}

export function readStandardInput(limit = MAX_INPUT_OCTETS): Uint8Array {
  return readAll(0, 'standard input', limit);
}

function readAll(descriptor: number, path: string, limit: number): Uint8Array {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(64 * 1024);
    const count = readSome(descriptor, chunk, path);
    if (count === 0) return Buffer.concat(chunks);
    size += count;
    if (size > limit)
      throw new SslapiError('ERR_INPUT_TOO_LARGE', `${path} has more than ${limit / (1024 * 1024)} MiB`);
    chunks.push(chunk.subarray(0, count));
  }
}

function readSome(descriptor: number, chunk: Buffer, path: string): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw unreadable(path, error);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5); // a pipe whose writer is slow
    }
  }
}

function unreadable(path: string, cause: unknown): SslapiError {
  const { code = 'unknown' } = cause as NodeJS.ErrnoException;
  const why = code === 'ENOENT' ? 'no such file' : code === 'EACCES' ? 'no permission' : code;
  return new SslapiError('ERR_INPUT_UNREADABLE', `cannot read ${path}: ${why}`, { cause });
}
