import type { ImportedAuthorities } from '../ca/import-authority.js';
import type { Output } from '../ui/output.js';
import { tellCreated } from './tell-created.js';

/** Tells what was imported, and what to know of it. */
export function tellImported(
  output: Output,
  { ca, counts, notices }: ImportedAuthorities,
  inClear: boolean,
): void {
  const { valid, revoked, expired, withKey } = counts;
  for (const notice of notices) output.warn(notice);
  tellCreated(output, ca, { imported: { valid, revoked, expired, withKey } });
  output.say(`imported: ${valid} valid, ${revoked} revoked, ${expired} expired, ${withKey} with their keys`);
  if (inClear) output.warn('the key of the CA is not encrypted: guard private/ well');
  output.say(
    `servers need the new CRL, ${ca.folder.at('crl-chain.pem')}; the old tool must issue nothing more: it does not know of ours`,
  );
  output.say('next: sslapi list, sslapi status');
}
