import { PROFILES } from '../ca/profiles.js';
import { commonNameOnly } from '../x509/name.js';
import type { CredentialContext, MintingAuthority } from './credential.js';
import { tenMinutes } from './mint.js';

/** What credentials are made of, where little is asked for: clients, names of a probe's own, P-256, and no good
 *  one to go by. */
export function credentialContext(
  authority: MintingAuthority,
  now: Date,
  given: Partial<CredentialContext> = {},
): CredentialContext {
  return {
    authority,
    profile: PROFILES.probe,
    now,
    subject: commonNameOnly('sslapi-probe'),
    subjectAltName: [],
    keyType: 'ec-p256',
    takesRsa: true,
    good: null,
    latestRevoked: null,
    validity: tenMinutes(now),
    ...given,
  };
}
