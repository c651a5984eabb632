import { SslapiError } from '../errors.js';
import { parsePath } from './http-request.js';

/** Whose path it is: NAME may have it, and no other client of the CA. */
export interface IdentityWish {
  readonly name: string;
  readonly path: string;
}

/** Reads `--identity`: NAME=/path. @throws SslapiError ERR_USAGE */
export function parseIdentity(text: string): IdentityWish {
  const [, name, path] = /^([A-Za-z0-9_@*][A-Za-z0-9._@*-]*)=(\/.*)$/.exec(text) ?? [];
  if (name !== undefined && path !== undefined) return { name, path: parsePath(path) };
  throw new SslapiError('ERR_USAGE', `"${text}" names no identity and its path`, {
    hint: 'Write NAME=/path: NAME may have that path, and no other client.',
  });
}
