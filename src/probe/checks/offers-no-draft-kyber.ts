import type { Check } from '../check.js';
import { offersNoNewGroup } from '../offered-finding.js';

/** What the standard was made of, and does not interoperate with it; libraries have dropped it. */
export const offersNoDraftKyber: Check = {
  id: 'offers-no-draft-kyber',
  title: 'Agrees on no Kyber of a draft',
  severity: 'low',
  citation: 'FIPS 203',
  remediation:
    'nginx: ssl_ecdh_curve X25519MLKEM768:X25519:prime256v1; Apache: SSLOpenSSLConfCmd Groups X25519MLKEM768:X25519:P-256; HAProxy: ssl-default-bind-curves X25519MLKEM768:X25519:P-256',
  run: ({ scan }) => offersNoNewGroup(scan, (group) => DRAFTS.has(group)),
};

/** X25519Kyber768Draft00 and SecP256r1Kyber768Draft00. */
const DRAFTS = new Set([0x6399, 0x639a]);
