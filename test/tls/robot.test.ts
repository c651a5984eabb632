import { execFileSync } from 'node:child_process';
import { constants, createPublicKey, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Target } from '../../src/tls/connect.js';
import { robot, rsaSuites } from '../../src/tls/robot.js';
import { encryptedPremaster, PREMASTER_FAULTS, paddedBlock } from '../../src/tls/robot-premaster.js';
import { peer } from '../peers/peer.js';
import { type Oracle, rsaServer } from './faulty-implementations.js';
import { FaultyServers } from './faulty-server.js';
import { type LabCertificates, labCertificates } from './lab-certificates.js';
import { LabServers } from './lab-servers.js';

const faulty = new FaultyServers();
let lab: LabCertificates;
let servers: LabServers;
beforeAll(() => {
  lab = labCertificates();
  lab.issue('server');
  lab.issue('server-rsa', { keyType: 'rsa' });
  servers = new LabServers(lab);
});
afterAll(() => {
  faulty.close();
  servers.close();
  lab.close();
});

async function tried(port: number) {
  let connections = 0;
  const use = <T>(work: (target: Target, timeoutMs: number) => Promise<T>): Promise<T> => {
    connections += 1;
    return work({ host: '127.0.0.1', port }, 4_000);
  };
  const trial = await robot(use, {
    versions: ['TLSv1.2'],
    cipherSuites: rsaSuites('TLSv1.2'),
    serverName: 'localhost',
  });
  return { trial, connections };
}

const oracle = (kind: Oracle) =>
  faulty.listen(rsaServer(kind, lab.der('server-rsa'), lab.pem('server-rsa.key')));

describe('an oracle of PKCS #1 v1.5 padding', () => {
  it('is seen, and strong, where every block that begins wrong is told', async () => {
    expect(await tried(await oracle('strong'))).toEqual({
      trial: {
        kind: 'seen',
        evidence:
          'a strong oracle: the alert bad_record_mac for right padding, a misplaced zero, no zero, a wrong version; ' +
          'the alert decrypt_error for a wrong start',
      },
      connections: 16,
    });
  });

  it('is seen, and weak, where only a block that is right in every place is told', async () => {
    expect((await tried(await oracle('weak'))).trial).toEqual({
      kind: 'seen',
      evidence:
        'a weak oracle: the alert bad_record_mac for right padding; ' +
        'the alert decrypt_error for a wrong start, a misplaced zero, no zero, a wrong version',
    });
  });

  it('is seen where it shows only while nothing follows the key exchange', async () => {
    expect((await tried(await oracle('shortened'))).trial).toEqual({
      kind: 'seen',
      evidence:
        'a weak oracle where nothing follows the key exchange: silence for right padding; ' +
        'the alert bad_record_mac for a wrong start, a misplaced zero, no zero, a wrong version',
    });
  });

  it('is not seen where all are answered alike', async () => {
    expect(await tried(await oracle('none'))).toEqual({
      trial: {
        kind: 'not-seen',
        evidence: 'right and wrong padding are both answered by the alert bad_record_mac',
      },
      connections: 11,
    });
  });

  it('is untold where the answers change from one time to the next, or never come', async () => {
    const [jitter, mute] = await Promise.all([tried(await oracle('jitter')), tried(await oracle('mute'))]);

    expect(jitter.trial).toEqual({
      kind: 'untold',
      ended: { kind: 'unclear', why: 'the same key exchange is answered differently from time to time' },
    });
    expect(mute.trial).toEqual({
      kind: 'untold',
      ended: { kind: 'unclear', why: 'the server answers no key exchange' },
    });
  });
});

const WELL = {
  kind: 'not-seen',
  evidence: 'right and wrong padding are both answered by the alert bad_record_mac',
};
const NO_RSA = { kind: 'not-seen', evidence: 'no RSA key exchange is agreed upon' };

describe('servers without it', () => {
  const ciphers = ['-cipher', 'ALL:@SECLEVEL=0'];
  const rsa = ['-cert', 'server-rsa.crt', '-key', 'server-rsa.key'];

  it.skipIf(!peer('openssl'))('OpenSSL', async () => {
    expect((await tried(await servers.openssl(...rsa, ...ciphers, '-tls1_2'))).trial).toEqual(WELL);
  });

  it.skipIf(!peer('openssl'))('OpenSSL with an ECDSA certificate takes one connection', async () => {
    const port = await servers.openssl('-cert', 'server.crt', '-key', 'server.key', ...ciphers);

    expect(await tried(port)).toEqual({ trial: NO_RSA, connections: 1 });
  });

  it.skipIf(!peer('nginx'))('nginx, which asks for a client certificate and does without', async () => {
    const port = await servers.nginx(`ssl_certificate ${lab.path('server-rsa.crt')};
      ssl_certificate_key ${lab.path('server-rsa.key')}; ssl_ciphers ALL:@SECLEVEL=0;
      ssl_verify_client on; ssl_client_certificate ${lab.path('ca.crt')};`);

    expect((await tried(port)).trial).toEqual(WELL);
  });

  it.skipIf(!peer('haproxy'))('HAProxy, which lets nobody without a certificate come so far', async () => {
    writeFileSync(lab.path('rsa.pem'), lab.pem('server-rsa.crt') + lab.pem('server-rsa.key'));
    const port = await servers.haproxy(
      `ssl crt ${lab.path('rsa.pem')} ca-file ${lab.path('ca.crt')} verify required ciphers ALL:@SECLEVEL=0`,
    );

    expect((await tried(port)).trial).toMatchObject({
      kind: 'untold',
      ended: { why: 'the server demands a client certificate before the key exchange' },
    });
  });

  it.skipIf(!peer('gnutls-serv'))('GnuTLS', async () => {
    const keys = ['--x509certfile', 'server-rsa.crt', '--x509keyfile', 'server-rsa.key'];
    const port = await servers.other((at) => [
      ...['gnutls-serv', '--quiet', '--port', String(at), '--priority', 'NORMAL:+RSA'],
      ...keys,
    ]);

    expect((await tried(port)).trial).toMatchObject({
      kind: 'not-seen',
      evidence: expect.stringContaining('both answered'),
    });
  });

  it.skipIf(!peer('java'))('Java', async () => {
    const p12 = [
      '-in',
      'server-rsa.crt',
      '-inkey',
      'server-rsa.key',
      '-out',
      'java.p12',
      '-passout',
      'pass:lab',
    ];
    execFileSync('openssl', ['pkcs12', '-export', ...p12], { cwd: lab.folder, stdio: 'pipe' });
    const source = new URL('JavaServer.java', import.meta.url).pathname;
    const port = await servers.other((at) => [
      ...['java', source, String(at), 'java.p12', 'TLSv1.2', 'TLS_RSA_WITH_AES_128_GCM_SHA256'],
    ]);

    expect((await tried(port)).trial).toMatchObject({
      kind: 'not-seen',
      evidence: expect.stringContaining('both answered'),
    });
  });
});

describe('a premaster secret', () => {
  it.each([1_024, 1_031, 2_048])('goes out as it stands under a key of %i bits', (modulusLength) => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
    for (const fault of PREMASTER_FAULTS) {
      const encrypted = encryptedPremaster(
        createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
        fault,
        'TLSv1.2',
      );
      const block = privateDecrypt(
        { key: privateKey, padding: constants.RSA_NO_PADDING },
        Buffer.from(encrypted),
      );

      expect(block.length).toBe(Math.ceil(modulusLength / 8));
      expect(isRight(block)).toBe(fault === 'none');
    }
  });

  it('has each its own fault', () => {
    const block = (fault: (typeof PREMASTER_FAULTS)[number]) =>
      Buffer.from(paddedBlock(2_048, fault, 'TLSv1'));

    expect(block('start').subarray(0, 2).toString('hex')).toBe('4117');
    expect(block('zero-misplaced').indexOf(0, 2)).toBe(254);
    expect(block('zero-missing').indexOf(0, 2)).toBe(-1);
    expect(block('version').subarray(208, 210).toString('hex')).toBe('0202');
    expect(block('none').subarray(207, 210).toString('hex')).toBe('000301');
  });
});

function isRight(block: Buffer): boolean {
  const zero = block.indexOf(0, 2);
  const version = block.subarray(zero + 1, zero + 3).toString('hex');
  return block[0] === 0 && block[1] === 2 && zero === block.length - 49 && version === '0303';
}
