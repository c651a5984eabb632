import { describeKey } from '../../x509/subject-public-key-info.js';
import { holds, type Lint } from '../lint.js';

export const keyUsageFitsKey: Lint = {
  id: 'key-usage-fits-key',
  title: 'Has no key usage that its key cannot do',
  severity: 'low',
  citation: 'RFC 8813 §3; RFC 9295 §3; RFC 9881 §3',
  applies: ({ extensions }) => extensions.keyUsage !== undefined,
  run: ({ certificate, extensions: { keyUsage = new Set() } }) => {
    const keyType = describeKey(certificate.subjectPublicKeyInfo);
    const impossible = [...keyUsage].filter((usage) => cannotDo(keyType).includes(usage));
    const evidence = `${keyType} with ${[...keyUsage].join(', ')}`;
    return holds(impossible.length === 0, evidence);
  },
};

function cannotDo(keyType: string): readonly string[] {
  if (keyType.startsWith('rsa-')) return ['keyAgreement', 'encipherOnly', 'decipherOnly'];
  if (keyType.startsWith('ec-')) return ['keyEncipherment', 'dataEncipherment'];
  return SIGNS_ONLY.test(keyType) ? ['keyEncipherment', 'dataEncipherment', 'keyAgreement'] : [];
}

const SIGNS_ONLY = /^(ed25519|ed448|ml-dsa-)/;
