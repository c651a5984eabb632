import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extKeyUsage } from '../../src/x509/extensions/ext-key-usage.js';
import { keyUsage } from '../../src/x509/extensions/key-usage.js';
import { ocspNoCheck } from '../../src/x509/extensions/ocsp-no-check.js';
import { OID } from '../../src/x509/oid.js';
import { serialNumberHex } from '../../src/x509/serial-number.js';
import { peer } from '../peers/peer.js';
import { type Made, make, makeCa, makeCrl, makeLeaf } from './certificate-maker.js';
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

describe('an answer that is none', () => {
  it('tryLater', () => {
    expect(verdict([Uint8Array.of(0x30, 3, 0x0a, 1, 3)])).toBe('ocsp-not-successful');
  });

  it('octets', () => {
    expect(verdict([Uint8Array.of(1, 2, 3)])).toBe('ocsp-malformed');
  });
});
