import type { Check } from '../check.js';
import { offersNoGroup } from '../offered-finding.js';

export const offersNoWeakGroups: Check = {
  id: 'offers-no-weak-groups',
  title: 'Agrees on no elliptic curve under 224 bits or of the server’s own',
  severity: 'medium',
  citation: 'RFC 9325 §4.5; RFC 8422 §5.1.1',
  remediation:
    'nginx: ssl_ecdh_curve X25519:prime256v1:secp384r1; Apache: SSLOpenSSLConfCmd Curves X25519:P-256:P-384; HAProxy: ssl-default-bind-curves X25519:P-256:P-384',
  run: ({ scan }) => offersNoGroup(scan, (group) => UNDER_224_BITS.has(group) || EXPLICIT.has(group)),
};

/** sect163k1 to sect193r2, secp160k1 to secp192r1. */
const UNDER_224_BITS = new Set([1, 2, 3, 4, 5, 15, 16, 17, 18, 19]);
/** arbitrary_explicit_prime_curves and arbitrary_explicit_char2_curves. */
const EXPLICIT = new Set([0xff01, 0xff02]);
