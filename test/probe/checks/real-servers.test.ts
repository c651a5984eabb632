import { getDiffieHellman } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckResult } from '../../../src/probe/check.js';
import { OFFER_CHECKS } from '../../../src/probe/checks/index.js';
import { probe } from '../../../src/probe/probe.js';
import { isAtLeast } from '../../../src/probe/severity.js';
import { encodePem } from '../../../src/x509/pem.js';
import { peer } from '../../peers/peer.js';
import { type LabCertificates, labCertificates } from '../../tls/lab-certificates.js';
import { LabServers } from '../../tls/lab-servers.js';

let lab: LabCertificates;
let servers: LabServers;
beforeAll(() => {
  lab = labCertificates();
  lab.issue('rsa', { keyType: 'rsa' });
  lab.issue('ec');
  writeFileSync(lab.path('shared.pem'), dhParameters(getDiffieHellman('modp2').getPrime()));
  servers = new LabServers(lab);
});
afterAll(() => {
  servers.close();
  lab.close();
});

const shows = (name: string): string =>
  `ssl_certificate ${lab.path(`${name}.crt`)}; ssl_certificate_key ${lab.path(`${name}.key`)};`;

/** What the checks of the offer say of a server that listens there. */
async function findings(port: number): Promise<ReadonlyMap<string, CheckResult>> {
  const { checks } = await probe({ host: '127.0.0.1', port }, { servername: 'localhost' });
  const ids = OFFER_CHECKS.map(({ id }) => id);
  return new Map(checks.filter(({ id }) => ids.includes(id)).map((check) => [check.id, check]));
}
const failedOf = (found: ReadonlyMap<string, CheckResult>): string[] =>
  [...found.values()].filter(({ status }) => status === 'fail').map(({ id }) => id);
const undecidedOf = (found: ReadonlyMap<string, CheckResult>): string[] =>
  [...found.values()].filter(({ status }) => status === 'inconclusive').map(({ id }) => id);

describe.skipIf(!peer('nginx'))('nginx', () => {
  it('with all that OpenSSL 3 has, an RSA key and a prime that many share', async () => {
    const dh = `ssl_dhparam ${lab.path('shared.pem')};`;
    const everything = 'ssl_ciphers ALL:COMPLEMENTOFALL@SECLEVEL=0;';

    const found = await findings(
      await servers.nginx(`${shows('rsa')} ${dh} ${everything}`, 'TLSv1 TLSv1.1 TLSv1.2'),
    );

    expect(undecidedOf(found)).toEqual([]);
    expect(failedOf(found)).toEqual([
      'offers-tls-1-3',
      'offers-no-tls-1-1',
      'offers-no-tls-1-0',
      'offers-no-null-suites',
      'offers-no-anonymous-suites',
      'prefers-strong-suites',
      'offers-no-static-rsa',
      'offers-no-dh-under-2048-bits',
      'signs-with-no-sha-1',
      'offers-post-quantum-key-exchange',
      'not-exposed-to-beast',
      'not-exposed-to-logjam',
      'not-exposed-to-lucky13',
      'not-exposed-to-raccoon',
    ]);
    expect(found.get('not-exposed-to-logjam')?.evidence).toContain('1024 bits, MODP 1024 of RFC 2409 (TLSv1');
    expect(found.get('offers-no-null-suites')?.evidence).toContain('TLSv1.2: TLS_RSA_WITH_NULL_MD5');
  });

  it('with the directives that the checks advise has nothing left but what its library lacks', async () => {
    const advised = 'ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20; ssl_session_timeout 1d;';

    const found = await findings(await servers.nginx(`${shows('ec')} ${advised}`, 'TLSv1.2 TLSv1.3'));

    expect(undecidedOf(found)).toEqual([]);
    expect(failedOf(found).filter((id) => id !== 'offers-post-quantum-key-exchange')).toEqual([]);
  });

  it('with early data, and tickets for longer than a week', async () => {
    const long = `${shows('ec')} ssl_early_data on; ssl_session_timeout 604801s;`;

    const found = await findings(await servers.nginx(long, 'TLSv1.2 TLSv1.3'));

    expect(found.get('refuses-early-data')).toMatchObject({
      status: 'fail',
      evidence: 'takes 16384 octets of early data',
    });
    expect(found.get('tickets-live-at-most-a-week')).toMatchObject({
      status: 'fail',
      evidence: '604801 seconds at the longest',
    });
  });
});

describe.skipIf(!peer('haproxy'))('HAProxy', () => {
  it('that ends the handshake without a client certificate leaves nothing of weight undecided', async () => {
    writeFileSync(lab.path('rsa.pem'), lab.pem('rsa.crt') + lab.pem('rsa.key'));
    const verify = `verify required ca-file ${lab.path('ca.crt')}`;

    const found = await findings(
      await servers.haproxy(
        `ssl crt ${lab.path('rsa.pem')} ${verify} ciphers AES128-SHA ssl-max-ver TLSv1.2`,
      ),
    );

    const undecided = undecidedOf(found).map((id) => found.get(id)!);
    expect(undecided.filter(({ severity }) => isAtLeast(severity, 'high'))).toEqual([]);
    expect(failedOf(found)).toContain('offers-forward-secrecy');
    expect(found.get('not-vulnerable-to-robot')).toMatchObject({ status: 'not-applicable' });
    expect(found.get('not-vulnerable-to-heartbleed')).toMatchObject({ status: 'pass' });
  });
});

/** DHParameter of PKCS #3 §9. */
function dhParameters(prime: Uint8Array): string {
  const integer = (octets: Uint8Array): Buffer => {
    const padded = octets[0]! < 0x80 ? Buffer.from(octets) : Buffer.concat([Buffer.alloc(1), octets]);
    return Buffer.concat([Buffer.from([0x02]), derLength(padded.length), padded]);
  };
  const content = Buffer.concat([integer(prime), integer(new Uint8Array([2]))]);
  return encodePem('DH PARAMETERS', Buffer.concat([Buffer.from([0x30]), derLength(content.length), content]));
}

function derLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  return length < 0x100 ? Buffer.from([0x81, length]) : Buffer.from([0x82, length >> 8, length & 0xff]);
}
