import type { MintedCredential, MintingAuthority } from '../credentials/credential.js';
import { FRESH_INTERMEDIATE } from '../credentials/intermediate.js';
import { crlsOfIntermediates } from '../credentials/intermediate-crls.js';
import type { CredentialSet } from './proof-credentials.js';

/** What a proof has made for its faults of issuers. */
export interface MadeCrls {
  /** The CRL of each CA that it has made, in DER. */
  readonly crls: readonly Uint8Array[];
  /** A faultless client of such a CA: let in where the CRLs have arrived. */
  readonly faultless: MintedCredential;
}

/** Brings them to the servers, and comes back when they are there or will not be. */
export type DeployMadeCrls = (made: MadeCrls) => Promise<void>;

/** Has the CRLs deployed, where there are any. */
export async function deployMade(
  authority: MintingAuthority,
  sets: readonly CredentialSet[],
  now: Date,
  deploy: DeployMadeCrls,
): Promise<void> {
  const shown = sets.flatMap(({ credentials, twins }) => [
    ...credentials.flatMap(({ credential, shown: one }) =>
      one !== null && credential.needs === 'root-key' ? [one] : [],
    ),
    ...twins.values(),
  ]);
  const faultless = sets[0]?.twins.get(FRESH_INTERMEDIATE.id);
  const crls = await crlsOfIntermediates(authority, shown, now);
  if (faultless !== undefined && crls.length > 0) await deploy({ crls, faultless });
}
