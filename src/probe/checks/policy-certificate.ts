import { hashOfSignature, hashWeakness } from '../../policy/key-strength.js';
import type { CertificatePolicy, Policy } from '../../policy/policy.js';
import type { Certificate } from '../../x509/certificate.js';
import { OID, oidName } from '../../x509/oid.js';
import { describeKey, namedCurveOf } from '../../x509/subject-public-key-info.js';
import type { Check } from '../check.js';
import { chainsForName } from '../each-chain.js';
import type { JudgedChain } from '../judged-chain.js';
import { type PolicyJudgement, underPolicy } from '../policy-finding.js';

export const policyCertificate: Check = {
  id: 'policy-certificate',
  title: 'Shows a certificate whose key, signature and lifetime the policy allows',
  severity: 'high',
  citation: 'RFC 9325 §4.5',
  remediation: 'Issue it anew with what the policy allows: `sslapi issue-server NAME --key-type … --days …`.',
  run: ({ policy, chains }) => underPolicy({ policy }, (asked) => judge(chains, asked), remedy),
};

/** Each certificate that is shown to who asks for the name: one for each kind of key. */
function judge(chains: readonly JudgedChain[], { certificate: rules }: Policy): PolicyJudgement {
  const named = chainsForName(chains);
  const leaves = named.map(({ certificates: [leaf] }) => leaf ?? null);
  const readable = leaves.filter((leaf) => leaf !== null);
  return {
    outside: readable.flatMap((leaf) => deviations(leaf, rules)),
    missing: [],
    unknown: [
      ...(named.length === 0 ? ['no certificate was seen'] : []),
      ...(readable.length < leaves.length ? ['a certificate that cannot be read'] : []),
    ],
    within: readable.map(inWords).join('; '),
  };
}

function deviations(certificate: Certificate, rules: CertificatePolicy): string[] {
  const key = describeKey(certificate.subjectPublicKeyInfo);
  const days = lifetimeDays(certificate);
  const { maximumLifetimeDays } = rules;
  return [
    ...keyDeviations(key, certificate, rules),
    ...signatureDeviations(oidName(certificate.signatureAlgorithm.algorithm), rules),
    ...(maximumLifetimeDays !== null && days > maximumLifetimeDays
      ? [`${key}: valid for ${days} days, more than ${maximumLifetimeDays}`]
      : []),
  ];
}

function keyDeviations(
  key: string,
  { subjectPublicKeyInfo }: Certificate,
  rules: CertificatePolicy,
): string[] {
  const [, kind = key, size] = /^(rsa|ec)(?:-pss)?-(.+)$/.exec(key) ?? [];
  if (!rules.keyKinds.includes(kind))
    return [`a key of kind ${key}, not one of ${rules.keyKinds.join(', ')}`];
  if (kind === 'rsa' && !(Number(size) >= (rules.minimumRsaBits ?? 0)))
    return [`an RSA key of ${size} bits, fewer than ${rules.minimumRsaBits}`];
  if (kind !== 'ec') return [];
  const curve = groupOfCurve(namedCurveOf(subjectPublicKeyInfo));
  return rules.curves.includes(curve) ? [] : [`an EC key on ${curve}, not on ${rules.curves.join(', ')}`];
}

/** Where the policy names no algorithms, only broken hashes are out. */
function signatureDeviations(algorithm: string, { signatureAlgorithms }: CertificatePolicy): string[] {
  if (signatureAlgorithms !== null)
    return signatureAlgorithms.includes(algorithm)
      ? []
      : [`signed with ${algorithm}, not ${signatureAlgorithms.join(', ')}`];
  const hash = hashOfSignature(algorithm);
  const weakness = hash === null ? null : hashWeakness(hash);
  return weakness === null ? [] : [`signed with ${algorithm}: ${weakness.message}`];
}

/** The name that the TLS registry gives to a curve. */
function groupOfCurve(dotted: string | null): string {
  if (dotted === null) return 'a curve of its own';
  return dotted === OID.prime256v1 ? 'secp256r1' : oidName(dotted);
}

/** Both ends count, so that 90 days are 90 and not a second more (RFC 5280 §4.1.2.5). */
function lifetimeDays({ validity: { notBefore, notAfter } }: Certificate): number {
  return Math.ceil((notAfter.getTime() + 1000 - notBefore.getTime()) / DAY_MS - GRACE_DAYS);
}

function inWords(certificate: Certificate): string {
  const key = describeKey(certificate.subjectPublicKeyInfo);
  return `${key}, ${oidName(certificate.signatureAlgorithm.algorithm)}, ${lifetimeDays(certificate)} days`;
}

function remedy({ certificate }: Policy): string {
  const { keyKinds, curves, minimumRsaBits, maximumLifetimeDays } = certificate;
  const elliptic = keyKinds.includes('ec') && (curves.includes('secp256r1') ? 'ec-p256' : 'ec-p384');
  const rsa = keyKinds.includes('rsa') && `rsa-${Math.max(2048, minimumRsaBits ?? 0)}`;
  const keyType = elliptic || rsa || keyKinds[0];
  return `issue it anew: \`sslapi issue-server NAME --key-type ${keyType} --days ${Math.min(397, maximumLifetimeDays ?? 397)}\`.`;
}

const DAY_MS = 86_400_000;
/** A CA sets notBefore back a little, against clocks that are late. */
const GRACE_DAYS = 1 / 24;
