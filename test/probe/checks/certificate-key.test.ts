import { describe, expect, it } from 'vitest';
import type { HandshakeOutcome } from '../../../src/tls/exchange.js';
import type { TlsVersion } from '../../../src/tls/version.js';
import { makeCa, makeKey, makeLeaf, makeRsaKey } from '../../path/certificate-maker.js';
import { finding, observedWith, shown } from './observed-chains.js';
import { signedHandshake } from './signed-handshake.js';

const root = makeCa('CN=Lab Root');
const key = makeKey();
const leaf = makeLeaf(root, 'DNS:api.test', { key });
const rsaKey = makeRsaKey();
const rsaLeaf = makeLeaf(root, 'DNS:api.test', { key: rsaKey });

const judged = async (handshakes: ReadonlyArray<readonly [TlsVersion, HandshakeOutcome]>) =>
  finding('certificate-key-held', await observedWith([shown([leaf])], { handshakes: new Map(handshakes) }));

describe('the key of a certificate is held', () => {
  it('where every handshake is signed by it', async () => {
    const found = await judged([
      ['TLSv1.2', signedHandshake('TLSv1.2', leaf, key)],
      ['TLSv1.3', signedHandshake('TLSv1.3', leaf, key)],
    ]);

    expect(found).toEqual({ status: 'pass', evidence: 'signed by it: TLSv1.3, TLSv1.2' });
  });

  it.each<[string, TlsVersion, { scheme: number | null; digest: string }]>([
    ['over both hashes, as in TLS 1.0', 'TLSv1', { scheme: null, digest: 'md5-sha1' }],
    ['by PKCS #1', 'TLSv1.2', { scheme: 0x0501, digest: 'sha384' }],
  ])('where a key of RSA signs %s', async (_how, version, how) => {
    const handshake = signedHandshake(version, rsaLeaf, rsaKey, how);

    expect((await judged([[version, handshake]])).status).toBe('pass');
  });

  it('by nobody, where another key signs a single one', async () => {
    const found = await judged([
      ['TLSv1.2', signedHandshake('TLSv1.2', leaf, makeKey())],
      ['TLSv1.3', signedHandshake('TLSv1.3', leaf, key)],
    ]);

    expect(found).toEqual({ status: 'fail', evidence: 'signed by another key: TLSv1.2' });
  });

  it.each([
    ['no handshake came about', [], 'inconclusive'],
    [
      'the certificate is none',
      [['TLSv1.2', signedHandshake('TLSv1.2', { der: new Uint8Array(9) }, key)]],
      'inconclusive',
    ],
    [
      'the scheme is unknown',
      [['TLSv1.2', signedHandshake('TLSv1.2', leaf, key, { scheme: 0xfe00 })]],
      'inconclusive',
    ],
    [
      'nothing is signed: RSA encrypts',
      [['TLSv1.2', signedHandshake('TLSv1.2', rsaLeaf, rsaKey, { digest: null })]],
      'not-applicable',
    ],
  ] as const)('as far as is known, where %s', async (_what, handshakes, status) => {
    expect((await judged(handshakes)).status).toBe(status);
  });
});
