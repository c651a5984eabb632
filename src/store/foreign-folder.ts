import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SslapiError } from '../errors.js';

/** A file of another tool, whole, and how errors call it. */
export interface ForeignFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The folder of another tool: it is read, and never written. */
export class ForeignFolder {
  /** Absolute. */
  readonly path: string;

  /** @throws SslapiError ERR_INPUT_UNREADABLE where it is no folder, or none that can be read */
  constructor(path: string) {
    this.path = resolve(path);
    try {
      readdirSync(this.path);
    } catch (cause) {
      throw unreadable(path, cause);
    }
  }

  /** The file of that name, or null where there is none. */
  file(...parts: readonly string[]): ForeignFile | null {
    const path = join(this.path, ...parts);
    try {
      return readForeignFile(path);
    } catch (error) {
      if (isAbsent((error as SslapiError).cause)) return null;
      throw error;
    }
  }

  /** Whether there is something of that name. */
  has(...parts: readonly string[]): boolean {
    return statSync(join(this.path, ...parts), { throwIfNoEntry: false }) !== undefined;
  }

  /** Names of what lies in a folder inside, in their order; none where there is no such folder. */
  names(...parts: readonly string[]): string[] {
    const path = join(this.path, ...parts);
    try {
      return readdirSync(path).sort();
    } catch (cause) {
      if (isAbsent(cause)) return [];
      throw unreadable(path, cause);
    }
  }
}

/** Reads a file of at most 256 MiB: a CRL or an index of a million certificates. @throws SslapiError ERR_INPUT_UNREADABLE */
export function readForeignFile(path: string): ForeignFile {
  try {
    const { size } = statSync(path);
    if (size > MAX_OCTETS)
      throw new SslapiError('ERR_INPUT_TOO_LARGE', `${path} has more than ${MAX_OCTETS / 2 ** 20} MiB`, {
        hint: 'This is no file of a CA.',
      });
    return { path, bytes: readFileSync(path) };
  } catch (cause) {
    throw cause instanceof SslapiError ? cause : unreadable(path, cause);
  }
}

function isAbsent(cause: unknown): boolean {
  return ABSENT.has((cause as NodeJS.ErrnoException | undefined)?.code ?? '');
}

function unreadable(path: string, cause: unknown): SslapiError {
  const { code = 'unknown' } = cause as NodeJS.ErrnoException;
  return new SslapiError('ERR_INPUT_UNREADABLE', `cannot read ${path}: ${REASONS.get(code) ?? code}`, {
    cause,
  });
}

const ABSENT: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);
const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such file or folder'],
  ['ENOTDIR', 'it is no folder'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'no permission'],
]);
const MAX_OCTETS = 256 * 2 ** 20;
