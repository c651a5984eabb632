import type { KeyUsage } from '../x509/extensions/key-usage.js';
import { OID } from '../x509/oid.js';
import type { PathCertificate } from './path-certificate.js';
import { type Refusal, refusal } from './path-result.js';
import type { Purpose } from './verify-options.js';

/** Whether the certificate is for the purpose, RFC 5280 §4.2.1.12. An extKeyUsage in a CA bounds what is below it,
 *  as every implementation has it. keyUsage is asked where both are there: then the purpose must fit both. */
export function checkPurpose(
  { extensions: { extKeyUsage, keyUsage } }: PathCertificate,
  isLeaf: boolean,
  purpose: Purpose,
): Refusal | null {
  if (purpose === 'any' || extKeyUsage === undefined) return null;
  const wanted = PURPOSES[purpose];
  if (!extKeyUsage.includes(wanted.oid) && !extKeyUsage.includes(OID.anyExtendedKeyUsage)) {
    return refusal('eku-missing', `extKeyUsage does not hold ${wanted.name}`);
  }
  if (!isLeaf || keyUsage === undefined || wanted.keyUsages.some((usage) => keyUsage.has(usage))) return null;
  return refusal('key-usage-unfit', `keyUsage ${[...keyUsage].join(', ')} does not fit ${wanted.name}`);
}

interface PurposeRules {
  readonly oid: string;
  readonly name: string;
  /** One of these makes a keyUsage fit. */
  readonly keyUsages: readonly KeyUsage[];
}

const PURPOSES: Readonly<Record<'server' | 'client', PurposeRules>> = {
  server: {
    oid: OID.serverAuth,
    name: 'serverAuth',
    keyUsages: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
  },
  client: { oid: OID.clientAuth, name: 'clientAuth', keyUsages: ['digitalSignature', 'keyAgreement'] },
};
