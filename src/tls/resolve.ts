import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Unreachable } from './connect.js';

/** Every address of a name, in the order of the system's resolver, each once; an address is its own. */
export async function addressesOf(host: string): Promise<readonly string[] | Unreachable> {
  if (isIP(host) !== 0) return [host];
  try {
    const found = await lookup(host, { all: true });
    return [...new Set(found.map(({ address }) => address))];
  } catch (error) {
    const { code = null } = error as NodeJS.ErrnoException;
    return { kind: 'unreachable', why: 'name-not-found', code };
  }
}
