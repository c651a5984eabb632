import { groupName } from '../../tls/group.js';
import { type Check, fail, inconclusive, pass } from '../check.js';

/** What is recorded today is read once there is such a computer. */
export const offersPostQuantumKeyExchange: Check = {
  id: 'offers-post-quantum-key-exchange',
  title: 'Agrees on keys that a quantum computer will not find out',
  severity: 'info',
  citation: 'FIPS 203; NIST IR 8547',
  remediation:
    'With OpenSSL 3.5 or later, nginx: ssl_ecdh_curve X25519MLKEM768:X25519:prime256v1; Apache: SSLOpenSSLConfCmd Groups X25519MLKEM768:X25519:P-256; HAProxy: ssl-default-bind-curves X25519MLKEM768:X25519:P-256',
  run({ scan }) {
    const { value, why } = scan.protocols['TLSv1.3'];
    if (value === null) return inconclusive(why);
    if (!value) return fail('does not speak TLSv1.3, and no older version has such groups');
    const groups = scan.groups.get('TLSv1.3');
    const found = (groups?.ids ?? []).filter((group) => POST_QUANTUM.has(group));
    if (found.length > 0) return pass(found.map(groupName).join(', '));
    const unseen = groups === undefined ? 'its groups were not seen' : groups.incomplete;
    return unseen === null
      ? fail(`none among ${groups!.ids.map(groupName).join(', ')}`)
      : inconclusive(unseen);
  },
};

/** ML-KEM by itself, and its hybrids with P-256, X25519 and P-384. */
const POST_QUANTUM = new Set([512, 513, 514, 4587, 4588, 4589]);
