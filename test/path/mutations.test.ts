import { sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { REFUSALS } from '../../src/path/path-result.js';
import { UNFORESEEN, verifyCertificate } from '../../src/path/verify-certificate.js';
import { algorithmIdentifier } from '../../src/x509/algorithm-identifier.js';
import {
  encodeRevokedCertificate,
  parseCertificateList,
  revokedCertificatesOf,
} from '../../src/x509/certificate-list.js';
import {
  encodeCertificationRequestInfo,
  parseCertificateRequest,
} from '../../src/x509/certificate-request.js';
import { DerError } from '../../src/x509/der.js';
import { certificatePolicies } from '../../src/x509/extensions/certificate-policies.js';
import { crlDistributionPoints } from '../../src/x509/extensions/crl-distribution-points.js';
import { issuingDistributionPoint } from '../../src/x509/extensions/issuing-distribution-point.js';
import { nameConstraints } from '../../src/x509/extensions/name-constraints.js';
import { policyConstraints } from '../../src/x509/extensions/policy-constraints.js';
import { policyMappings } from '../../src/x509/extensions/policy-mappings.js';
import { subjectAltName } from '../../src/x509/extensions/subject-alt-name.js';
import { type GeneralName, parseGeneralName } from '../../src/x509/general-name.js';
import { parseName } from '../../src/x509/name.js';
import { OID } from '../../src/x509/oid.js';
import { encodeSigned } from '../../src/x509/signed.js';
import { makeCa, makeCrl, makeKey, makeLeaf, NOW, type TestKey } from './certificate-maker.js';

/** How long each kind is tried, in seconds; a soak sets hours. */
const SECONDS = Number(process.env['SSLAPI_FUZZ_SECONDS'] ?? 5);
/** The same seed, the same mutations. */
const SEED = Number(process.env['SSLAPI_FUZZ_SEED'] ?? 20260601);
/** The longest that one answer may take. */
const LIMIT_MS = 2000;

const root = makeCa('CN=Root,O=Acme');
const issuing = makeCa('CN=Issuing,O=Acme', {
  issuer: root,
  more: [
    nameConstraints({
      permittedSubtrees: ['DNS:test', 'IP:10.0.0.0', 'EMAIL:a@mail.test'].map(base),
      excludedSubtrees: [parseGeneralName('DNS:bad.test')],
    }),
    certificatePolicies(['1.2.3.4', '1.2.3.5']),
    policyMappings([{ issuerDomainPolicy: '1.2.3.4', subjectDomainPolicy: '1.2.3.6' }]),
    policyConstraints({ requireExplicitPolicy: 3, inhibitPolicyMapping: 2 }),
  ],
});
const leaf = makeLeaf(issuing, 'api.test', {
  more: [
    subjectAltName(['api.test', '10.0.0.1', 'a@mail.test', 'URI:spiffe://acme/api'].map(parseGeneralName)),
    certificatePolicies(['1.2.3.6']),
    crlDistributionPoints(['http://crl.test/issuing.crl']),
  ],
});
const crl = makeCrl(issuing, {
  more: [issuingDistributionPoint({ onlyContainsUserCerts: true })],
  revokedCertificates: [1n, 2n, 3n].map((serial) =>
    encodeRevokedCertificate(serial, NOW, 'keyCompromise', NOW),
  ),
});
const rootCrl = makeCrl(root);

describe(`mutations of what is good, ${SECONDS} s each, seed ${SEED}`, () => {
  it('of certificates, at every place of a path', { timeout: timeout() }, () => {
    fuzz([leaf.der, issuing.der, root.der], (octets) => {
      judge(octets, [root.der], [issuing.der]);
      judge(leaf.der, [root.der], [octets]);
      judge(leaf.der, [octets], [issuing.der]);
    });
  });

  it('of certificates signed again, so that the signature does not save us', { timeout: timeout() }, () => {
    fuzz([leaf.certificate.tbs], (tbs) => judge(signed(tbs, issuing.key), [root.der], [issuing.der]));
  });

  it('of CAs signed again', { timeout: timeout() }, () => {
    fuzz([issuing.certificate.tbs], (tbs) => judge(leaf.der, [root.der], [signed(tbs, root.key)]));
  });

  it('of CRLs, signed again or not', { timeout: timeout() }, () => {
    const { tbs } = parseCertificateList(crl);
    fuzz([crl, tbs], (octets) => {
      judge(leaf.der, [root.der], [issuing.der], [rootCrl, octets]);
      judge(leaf.der, [root.der], [issuing.der], [rootCrl, signed(octets, issuing.key)]);
      onlyDerErrors(() => [...revokedCertificatesOf(parseCertificateList(octets))]);
    });
  });

  it('of requests', { timeout: timeout() }, () => {
    const key = makeKey();
    const info = encodeCertificationRequestInfo(
      parseName('CN=api.test'),
      key.subjectPublicKeyInfo,
      leaf.certificate.extensions,
    );
    fuzz([signed(info, key)], (octets) => onlyDerErrors(() => parseCertificateRequest(octets)));
  });
});

/** Whatever the octets are: an answer, in time, with a reason of the list. */
function judge(
  subject: Uint8Array,
  trusted: Uint8Array[],
  untrusted: Uint8Array[],
  crls: Uint8Array[] = [],
): void {
  const start = performance.now();
  const policy = {
    initialSet: [OID.anyPolicy],
    requireExplicit: true,
    inhibitMapping: false,
    inhibitAny: false,
  };
  const names = [{ type: 'dns', value: 'api.test' } as const];
  const result = verifyCertificate({
    leaf: subject,
    trusted,
    untrusted,
    crls,
    at: NOW,
    purpose: 'server',
    names,
    policy,
  });
  if (!result.ok && !(result.reason in REFUSALS)) throw new Error(`no reason: ${JSON.stringify(result)}`);
  if (!result.ok && result.message.startsWith(UNFORESEEN)) throw new Error(result.message);
  const took = performance.now() - start;
  if (took > LIMIT_MS) throw new Error(`an answer took ${took} ms`);
}

function onlyDerErrors(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
  }
}

/** Mutates the samples until the time is over; what broke something is shown, so that it can be tried again. */
function fuzz(samples: readonly Uint8Array[], attempt: (octets: Uint8Array) => void): void {
  const random = mulberry32(SEED);
  const end = performance.now() + SECONDS * 1000;
  let rounds = 0;
  for (; performance.now() < end; rounds += 1) {
    const octets = mutated(samples[rounds % samples.length]!, samples, random);
    try {
      attempt(octets);
    } catch (error) {
      throw new Error(`round ${rounds}: ${Buffer.from(octets).toString('base64')}`, { cause: error });
    }
  }
  expect(rounds).toBeGreaterThan(10);
}

/** One to four changes: a bit, an octet, a length, a piece cut out, doubled, moved here from another, or cut off. */
function mutated(sample: Uint8Array, others: readonly Uint8Array[], random: () => number): Uint8Array {
  let octets = Array.from(sample);
  const below = (limit: number) => Math.floor(random() * limit);
  for (let changes = 1 + below(4); changes > 0; changes -= 1) {
    const at = below(octets.length);
    const length = 1 + below(16);
    const other = others[below(others.length)]!;
    switch (below(8)) {
      case 0:
        octets[at] = octets[at]! ^ (1 << below(8));
        break;
      case 1:
        octets[at] = INTERESTING[below(INTERESTING.length)]!;
        break;
      case 2:
        octets[at] = (octets[at]! + (random() < 0.5 ? 1 : 255)) & 0xff;
        break;
      case 3:
        octets.splice(at, length);
        break;
      case 4:
        octets.splice(at, 0, ...octets.slice(at, at + length));
        break;
      case 5:
        octets.splice(at, length, ...other.subarray(below(other.length)).subarray(0, length));
        break;
      case 6:
        octets.splice(at, 0, ...Array.from({ length }, () => below(256)));
        break;
      default:
        octets = octets.slice(0, Math.max(1, at));
    }
    if (octets.length === 0) octets = [0];
  }
  return Uint8Array.from(octets);
}

function signed(tbs: Uint8Array, { privateKey }: TestKey): Uint8Array {
  return encodeSigned(
    tbs,
    algorithmIdentifier(OID.ecdsaWithSHA256, 'absent'),
    sign('sha256', tbs, privateKey),
  );
}

function base(text: string): GeneralName {
  const name = parseGeneralName(text);
  if (name.type !== 'iPAddress') return name;
  return { type: 'iPAddress', octets: Uint8Array.of(...name.octets, 255, 0, 0, 0) };
}

function timeout(): number {
  return (SECONDS + 30) * 1000;
}

/** A small generator of numbers from 0 to 1 that is the same everywhere. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Tags and lengths at which parsers stumble. */
const INTERESTING = [
  0x00, 0x01, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x88, 0xff, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x30, 0x31, 0xa0,
  0xa3,
];
