import { describe, expect, it } from 'vitest';
import { PathCrl, readPathCrl } from '../../src/path/path-crl.js';
import { buildSerialIndex } from '../../src/path/serial-index.js';
import { encodeRevokedCertificate, parseCertificateList } from '../../src/x509/certificate-list.js';
import { integer } from '../../src/x509/der.js';
import { makeCa, makeCrl, NOW } from './certificate-maker.js';

const serials = Array.from({ length: 5000 }, (_, index) => BigInt(index) ** 5n * 1_000_003n + 1n);
const ca = makeCa('CN=Busy');
const der = makeCrl(ca, {
  revokedCertificates: serials.map((serial) => encodeRevokedCertificate(serial, NOW, 'superseded')),
});

describe('the index of a CRL', () => {
  it('finds every serial number that is there, and none that is not', () => {
    const { revokedCertificates } = parseCertificateList(der);
    const index = buildSerialIndex(revokedCertificates);

    expect(serials.filter((serial) => index.find(integer(serial)) < 0)).toEqual([]);
    expect(serials.filter((serial) => index.find(integer(serial + 1n)) >= 0)).toEqual([]);
  });

  it('of a CRL without entries finds nothing', () => {
    expect(buildSerialIndex(new Uint8Array(0)).find(integer(1))).toBe(-1);
  });

  it('gives the same answers as a walk through the CRL', () => {
    const crl = readPathCrl(der);
    if (!(crl instanceof PathCrl)) throw new Error('the CRL is good');

    const rounds = [1, 2, 3, 4, 5, 6, 7, 8].map(() => crl.find(serials[4321]!, crl.issuerKey)?.serialNumber);

    expect(new Set(rounds)).toEqual(new Set([serials[4321]]));
  });
});
