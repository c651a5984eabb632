import { describe, expect, it } from 'vitest';
import { parseCertificate } from '../../src/x509/certificate.js';
import { parseCertificateList } from '../../src/x509/certificate-list.js';
import {
  encodeCertificationRequestInfo,
  parseCertificateRequest,
} from '../../src/x509/certificate-request.js';
import { bitString, DerError, element, integer, oid, sequence, TAG } from '../../src/x509/der.js';
import { commonNameOnly } from '../../src/x509/name.js';
import { OID } from '../../src/x509/oid.js';
import { encodeSigned, parseSigned } from '../../src/x509/signed.js';

const ALGORITHM = sequence(oid(OID.ecdsaWithSHA256));
const TBS = sequence(integer(0));
const SIGNATURE = new Uint8Array([0x30, 0x06, 1, 2, 3]);
/** Seven bits of the last octet do not count. */
const RAGGED = element(TAG.bitString, new Uint8Array([7, 0x80]));

const codeOf = (read: () => unknown): string => {
  try {
    read();
    return 'was read';
  } catch (error) {
    if (error instanceof DerError) return error.reason;
    throw error;
  }
};

describe('what is signed', () => {
  it('is read as it was written', () => {
    const { tbs, signatureAlgorithm, signatureValue, inside } = parseSigned(
      encodeSigned(TBS, ALGORITHM, SIGNATURE),
    );

    expect({ tbs, signatureValue }).toEqual({ tbs: TBS, signatureValue: SIGNATURE });
    expect(signatureAlgorithm.algorithm).toBe(OID.ecdsaWithSHA256);
    expect(inside.done).toBe(false);
  });

  it.each([
    ['a certificate', parseCertificate],
    ['a CRL', parseCertificateList],
    ['a request', parseCertificateRequest],
  ])('as %s has a signature of whole octets, and nothing behind it', (_what, parse) => {
    const info = encodeCertificationRequestInfo(commonNameOnly('api.test'), KEY, []);

    expect(codeOf(() => parse(sequence(info, ALGORITHM, RAGGED)))).toBe('der-bit-string-invalid');
    expect(codeOf(() => parse(sequence(info, ALGORITHM, bitString(SIGNATURE), integer(1))))).toBe(
      'der-trailing-data',
    );
    expect(codeOf(() => parse(Buffer.concat([encodeSigned(info, ALGORITHM, SIGNATURE), Buffer.of(0)])))).toBe(
      'der-trailing-data',
    );
  });

  it('as a request with such a signature is read', () => {
    const info = encodeCertificationRequestInfo(commonNameOnly('api.test'), KEY, []);

    expect(parseCertificateRequest(encodeSigned(info, ALGORITHM, SIGNATURE)).signatureValue).toEqual(
      SIGNATURE,
    );
  });
});

const KEY = sequence(sequence(oid(OID.ed25519)), bitString(new Uint8Array(32)));
