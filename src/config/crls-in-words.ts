import type { ConfigTarget } from './config-target.js';

/** Whom a target looks for in CRLs, in a word or two. */
export function crlsInWords({
  checksRevocation,
  checksIssuers,
}: Pick<ConfigTarget, 'checksRevocation' | 'checksIssuers'>): string {
  if (!checksRevocation) return 'NO';
  return checksIssuers === false ? 'clients alone' : 'yes';
}
