import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeRevokedCertificate } from '../../src/x509/certificate-list.js';
import type { Extension } from '../../src/x509/extension.js';
import { extKeyUsage } from '../../src/x509/extensions/ext-key-usage.js';
import { keyUsage } from '../../src/x509/extensions/key-usage.js';
import { ocspNoCheck } from '../../src/x509/extensions/ocsp-no-check.js';
import { OID } from '../../src/x509/oid.js';
import { serialNumberHex } from '../../src/x509/serial-number.js';
import { peer } from '../peers/peer.js';
import { type Made, make, makeCa, makeCrl, makeLeaf, NOW, type Wish } from './certificate-maker.js';
import { makeOcspResponse, type OcspWish } from './ocsp-maker.js';
import { type Question, verdictOf } from './verify-made.js';

const root = makeCa('CN=Root');
const issuing = makeCa('CN=Issuing', { issuer: root });
const leaf = makeLeaf(issuing, 'api.test');
const responder = make({ subject: 'CN=Responder', issuer: issuing }, [
  keyUsage(['digitalSignature']),
  extKeyUsage([OID.ocspSigning]),
  ocspNoCheck(),
]);
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sslapi-ocsp-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a real `openssl ocsp` answers about the leaf. */
function respond(status: 'V' | 'R' | 'absent', signer: Made, days = 1): Uint8Array {
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const serial = serialNumberHex(leaf.certificate.serialNumber).toUpperCase();
  const revoked = status === 'R' ? '250101000000Z,keyCompromise' : '';
  const line =
    status === 'absent' ? '' : `${status}\t300101000000Z\t${revoked}\t${serial}\tunknown\t/CN=a leaf\n`;
  execFileSync(
    'openssl',
    [
      ...['ocsp', '-index', file('index.txt', line), '-CA', file('ca.pem', issuing.pem)],
      ...['-issuer', join(folder, 'ca.pem'), '-cert', file('leaf.pem', leaf.pem)],
      ...['-rsigner', file('signer.pem', signer.pem), '-ndays', String(days)],
      ...[
        '-rkey',
        file('signer.key', String(signer.key.privateKey.export({ type: 'pkcs8', format: 'pem' }))),
      ],
      ...['-respout', join(folder, 'response.der'), '-no_nonce', '-noverify'],
    ],
    { stdio: 'ignore' },
  );
  return new Uint8Array(readFileSync(join(folder, 'response.der')));
}

/** openssl stamps its answers with the clock, so they are judged by it too. */
function verdict(ocsp: readonly Uint8Array[], question: Partial<Question> = {}): string {
  return verdictOf(leaf, { trusted: [root], untrusted: [issuing], ocsp, at: new Date(), ...question });
}

describe.skipIf(!peer('openssl'))('a real responder’s answer (RFC 6960)', () => {
  it('good, by the CA itself or by whom it names for it', () => {
    expect(verdict([respond('V', issuing)])).toBe('accepted');
    expect(verdict([respond('V', responder)])).toBe('accepted');
  });

  it('revoked', () => {
    expect(verdict([respond('R', responder)])).toBe('cert-revoked');
  });

  it('unknown', () => {
    expect(verdict([respond('absent', responder)])).toBe('ocsp-status-unknown');
  });

  it('by a stranger', () => {
    expect(verdict([respond('V', makeCa('CN=Stranger'))])).toBe('ocsp-not-trusted');
  });

  it('by one whom the CA certified for something else', () => {
    expect(verdict([respond('V', makeLeaf(issuing, 'ocsp.test'))])).toBe('ocsp-not-trusted');
  });

  it('changed by a bit', () => {
    const response = respond('V', responder);
    const changed = response.findIndex((_, at) => at > response.length - 600 && response[at] === 0x30);
    const broken = response.map((octet, at) => (at === changed + 40 ? octet ^ 1 : octet));

    expect(verdict([broken])).toMatch(/^ocsp-|^weak-/);
  });

  it('of another time', () => {
    const inAWeek = new Date(Date.now() + 7 * 86_400_000);

    expect(verdict([respond('V', responder)], { at: inAWeek })).toBe('ocsp-expired');
  });

  it('about another certificate', () => {
    const other = makeLeaf(issuing, 'b.test');
    const response = respond('V', responder);

    expect(
      verdictOf(other, { trusted: [root], untrusted: [issuing], ocsp: [response], at: new Date() }),
    ).toBe('ocsp-status-unknown');
  });

  it('does not mend what a CRL revokes, and stands in for one that is missing', () => {
    const [now, soon] = [new Date(Date.now() - 1000), new Date(Date.now() + 86_400_000)];
    const crl = (ca: Made) => makeCrl(ca, { thisUpdate: now, nextUpdate: soon });

    expect(verdict([respond('V', responder)], { crls: [crl(root)] })).toBe('accepted');
    expect(verdict([], { crls: [crl(root)] })).toBe('crl-missing');
  });
});

describe('who may answer, and when (RFC 6960 §4.2.2)', () => {
  const byMaker = (wish: OcspWish, question: Partial<Question> = {}): string =>
    verdict([makeOcspResponse(leaf, issuing, wish)], { at: NOW, ...question });
  const delegated = (wish: Wish, issuer = issuing): OcspWish => {
    const signer = make({ subject: 'CN=Delegate', issuer, ...wish }, [
      keyUsage(['digitalSignature']),
      extKeyUsage([OID.ocspSigning]),
    ]);
    return { signer, certificates: [signer] };
  };
  const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

  it.each<[string, () => OcspWish, string]>([
    ['the CA itself', () => ({}), 'accepted'],
    ['the CA, of a revocation', () => ({ status: 'revoked' }), 'cert-revoked'],
    ['the CA, without knowing', () => ({ status: 'unknown' }), 'ocsp-status-unknown'],
    ['a delegate', () => delegated({}), 'accepted'],
    [
      'a delegate whose certificate is kept back',
      () => ({ ...delegated({}), certificates: [] }),
      'ocsp-not-trusted',
    ],
    ['a delegate that has expired', () => delegated({ notAfter: later(-1) }), 'ocsp-not-trusted'],
    ['a delegate of the CA above', () => delegated({}, root), 'ocsp-not-trusted'],
    ['a delegate of a CA of the same name', () => delegated({}, makeCa('CN=Issuing')), 'ocsp-not-trusted'],
    [
      'a delegate for clients',
      () => delegated({ more: [extKeyUsage([OID.clientAuth])] }),
      'ocsp-not-trusted',
    ],
    [
      'a delegate with a certificate that breaks a rule',
      () => delegated({ serialNumber: 0n }),
      'ocsp-not-trusted',
    ],
    ['with SHA-1', () => ({ digest: 'sha1' }), 'weak-hash'],
    ['too early', () => ({ thisUpdate: later(1) }), 'ocsp-expired'],
    ['too late', () => ({ nextUpdate: later(-1) }), 'ocsp-expired'],
    ['at the last second', () => ({ nextUpdate: NOW }), 'accepted'],
    ['without an end, today', () => ({ nextUpdate: null, thisUpdate: later(-3600) }), 'accepted'],
    [
      'without an end, two days ago',
      () => ({ nextUpdate: null, thisUpdate: later(-172_800) }),
      'ocsp-expired',
    ],
    ['with an unknown extension', () => ({ extensions: [unknown(false)] }), 'accepted'],
    ['with an unknown critical one', () => ({ extensions: [unknown(true)] }), 'ocsp-malformed'],
  ])('%s', (_what, wish, outcome) => expect(byMaker(wish())).toBe(outcome));

  it('a signature that does not fit', () => {
    const response = makeOcspResponse(leaf, issuing);
    const changed = response.with(response.length - 1, response.at(-1)! ^ 1);

    expect(verdict([changed], { at: NOW })).toBe('ocsp-not-trusted');
  });

  it('a delegate that a CRL revokes, unless it says that nobody need ask', () => {
    const [careful, free] = [delegated({}), delegated({ more: [ocspNoCheck()] })];
    const revoking = ({ signer }: OcspWish) =>
      makeCrl(issuing, {
        revokedCertificates: [encodeRevokedCertificate(signer!.certificate.serialNumber, NOW, 'superseded')],
      });

    expect(byMaker(careful, { crls: [makeCrl(root), makeCrl(issuing)] })).toBe('accepted');
    expect(byMaker(careful, { untrusted: [issuing], crls: [revoking(careful)] })).not.toBe('accepted');
    expect(byMaker(free, { crls: [makeCrl(root), revoking(free)] })).toBe('accepted');
  });

  it('revoked by OCSP stays so, whatever a CRL says', () => {
    expect(byMaker({ status: 'revoked' }, { crls: [makeCrl(root), makeCrl(issuing)] })).toBe('cert-revoked');
  });

  it('revoked by a CRL stays so, whatever OCSP says', () => {
    const revoking = makeCrl(issuing, {
      revokedCertificates: [encodeRevokedCertificate(leaf.certificate.serialNumber, NOW, 'superseded')],
    });

    expect(byMaker({}, { crls: [makeCrl(root), revoking] })).toBe('cert-revoked');
  });
});

function unknown(critical: boolean): Extension {
  return { oid: '1.2.3.4', critical, value: Uint8Array.of(5, 0) };
}

describe('an answer that is none', () => {
  it('tryLater', () => {
    expect(verdict([Uint8Array.of(0x30, 3, 0x0a, 1, 3)])).toBe('ocsp-not-successful');
  });

  it('octets', () => {
    expect(verdict([Uint8Array.of(1, 2, 3)])).toBe('ocsp-malformed');
  });
});
