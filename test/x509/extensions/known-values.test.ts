import { describe, expect, it } from 'vitest';
import { DerError, octetString, sequence, TAG } from '../../../src/x509/der.js';
import type { Extension } from '../../../src/x509/extension.js';
import { certificateIssuer, certificateIssuerOf } from '../../../src/x509/extensions/certificate-issuer.js';
import {
  certificatePolicies,
  certificatePoliciesOf,
} from '../../../src/x509/extensions/certificate-policies.js';
import { deltaCrlIndicator, deltaCrlIndicatorOf } from '../../../src/x509/extensions/delta-crl-indicator.js';
import { freshestCrl, freshestCrlOf } from '../../../src/x509/extensions/freshest-crl.js';
import { inhibitAnyPolicy, inhibitAnyPolicyOf } from '../../../src/x509/extensions/inhibit-any-policy.js';
import { hasOcspNoCheck, ocspNoCheck } from '../../../src/x509/extensions/ocsp-no-check.js';
import { signedCertificateTimestampsOf } from '../../../src/x509/extensions/signed-certificate-timestamps.js';
import { subjectDirectoryAttributesOf } from '../../../src/x509/extensions/subject-directory-attributes.js';
import { tlsFeature, tlsFeatureOf } from '../../../src/x509/extensions/tls-feature.js';
import { OID } from '../../../src/x509/oid.js';

const hex = ({ value }: Extension): string => Buffer.from(value).toString('hex');
const having = (extension: Extension) => ({ extensions: [extension] });
const raw = (oid: string, value: Uint8Array) => having({ oid, critical: false, value });

describe('extensions have the octets that other software writes, and are read from them', () => {
  it.each<[string, Extension, string]>([
    [
      'certificatePolicies (openssl: 2.5.29.32.0)',
      certificatePolicies([OID.anyPolicy]),
      '300830060604551d2000',
    ],
    ['inhibitAnyPolicy (openssl: 0)', inhibitAnyPolicy(0), '020100'],
    ['tlsfeature (openssl: status_request)', tlsFeature([5]), '3003020105'],
    ['noCheck (openssl: ignored)', ocspNoCheck(), '0500'],
    ['deltaCRLIndicator (RFC 5280 §5.2.4)', deltaCrlIndicator(1000n), '020203e8'],
    [
      'freshestCRL (openssl: URI:http://a/)',
      freshestCrl(['http://a/']),
      '3011300fa00da00b8609687474703a2f2f612f',
    ],
  ])('%s', (_what, extension, octets) => expect(hex(extension)).toBe(octets));

  it('and give back what was put in', () => {
    const issuer = certificateIssuer([{ type: 'dNSName', value: 'ca.test' }]);

    expect(certificatePoliciesOf(having(certificatePolicies(['1.2.3'])))?.[0]?.policyIdentifier).toBe(
      '1.2.3',
    );
    expect(inhibitAnyPolicyOf(having(inhibitAnyPolicy(3)))).toBe(3);
    expect(tlsFeatureOf(having(tlsFeature([5, 17])))).toEqual([5, 17]);
    expect(hasOcspNoCheck(having(ocspNoCheck()))).toBe(true);
    expect(hasOcspNoCheck({ extensions: [] })).toBe(false);
    expect(deltaCrlIndicatorOf(having(deltaCrlIndicator(7n)))).toBe(7n);
    expect(freshestCrlOf(having(freshestCrl(['http://a/'])))).toHaveLength(1);
    expect(certificateIssuerOf(having(issuer))).toEqual([{ type: 'dNSName', value: 'ca.test' }]);
  });
});

describe('signed certificate timestamps (RFC 6962 §3.3)', () => {
  const list = (...octets: number[]) =>
    raw(OID.signedCertificateTimestamps, octetString(Uint8Array.from(octets)));

  it('are told apart by their lengths', () => {
    const found = signedCertificateTimestampsOf(list(0, 7, 0, 2, 1, 2, 0, 1, 3));

    expect(found?.map((one) => [...one])).toEqual([[1, 2], [3]]);
  });

  it.each([
    ['too short', [0, 9, 0, 2, 1, 2]],
    ['too long', [0, 2, 0, 2, 1, 2]],
    ['cut off', [0, 3, 0, 2, 1]],
    ['an empty one', [0, 2, 0, 0]],
    ['none', [0, 0]],
    ['nothing', []],
  ])('are refused where their lengths do not add up: %s', (_what, octets) => {
    expect(() => signedCertificateTimestampsOf(list(...octets))).toThrow(DerError);
  });
});

it('an attribute of a directory has a value', () => {
  const attribute = (values: Uint8Array) =>
    raw(OID.subjectDirectoryAttributes, sequence(sequence(Uint8Array.of(6, 2, 0x2a, 3), values)));

  expect(subjectDirectoryAttributesOf(attribute(Uint8Array.of(TAG.set, 2, 5, 0)))?.[0]?.type).toBe('1.2.3');
  expect(() => subjectDirectoryAttributesOf(attribute(Uint8Array.of(TAG.set, 0)))).toThrow(DerError);
});
