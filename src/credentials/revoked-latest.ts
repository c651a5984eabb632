import type { Credential } from './credential.js';
import { mint } from './mint.js';

/** A twin of the certificate that was revoked last: a server that reads an older CRL does not know of it. */
export const revokedLatest: Credential = {
  id: 'revoked-latest',
  title: 'Refuses the certificate that was revoked last',
  breaks: 'its serial number is the newest on the published CRL',
  citation: 'RFC 5280 §6.3.3; CWE-299, CWE-370',
  expected: 'refuse',
  severity: 'high',
  needs: 'issuing-key',
  whyNot: ({ latestRevoked }) =>
    latestRevoked === null ? 'nothing is on the published CRL but what is reserved for proofs' : null,
  make: (context) => mint(context, { serialNumber: context.latestRevoked! }),
};
