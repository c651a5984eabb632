import { sameBytes } from '../../x509/der.js';
import { oidName } from '../../x509/oid.js';
import { holds, type Lint } from '../lint.js';

export const signatureAlgorithmsAreEqual: Lint = {
  id: 'signature-algorithms-are-equal',
  title: 'Names the same signature algorithm inside and outside',
  severity: 'high',
  citation: 'RFC 5280 §4.1.1.2',
  applies: () => true,
  run: ({ certificate: { signature, signatureAlgorithm } }) =>
    holds(
      sameBytes(signature.der, signatureAlgorithm.der),
      `${oidName(signature.algorithm)} inside, ${oidName(signatureAlgorithm.algorithm)} outside`,
    ),
};
