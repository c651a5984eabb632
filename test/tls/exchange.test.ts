import { getDiffieHellman } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertName } from '../../src/tls/alert.js';
import { cipherSuiteNamed } from '../../src/tls/cipher-suite.js';
import type { Target } from '../../src/tls/connect.js';
import { exchange, type HandshakeOutcome, type ServerHelloOutcome } from '../../src/tls/exchange.js';
import { EXTENSION_TYPE } from '../../src/tls/extension.js';
import { fullOffer } from '../../src/tls/full-offer.js';
import { GROUP, groupName } from '../../src/tls/group.js';
import { signatureSchemeName } from '../../src/tls/signature-scheme.js';
import { peer } from '../peers/peer.js';
import { type LabCertificates, labCertificates } from './lab-certificates.js';
import { LabServers } from './lab-servers.js';

let lab: LabCertificates;
let servers: LabServers;

beforeAll(() => {
  lab = labCertificates();
  lab.issue('server');
  lab.issue('server-rsa', { keyType: 'rsa' });
  lab.issue('server-p384', { keyType: 'ec-p384' });
  servers = new LabServers(lab);
});

afterAll(() => {
  servers?.close();
  lab?.close();
});

const at = (port: number): Target => ({ host: '127.0.0.1', port });
const ecdsa = ['-cert', 'server.crt', '-key', 'server.key'];
const rsa = ['-cert', 'server-rsa.crt', '-key', 'server-rsa.key'];

function answered(outcome: HandshakeOutcome): ServerHelloOutcome {
  if (outcome.kind !== 'server-hello') throw new Error(`no ServerHello: ${JSON.stringify(outcome)}`);
  return outcome;
}

describe.skipIf(!peer('openssl'))('TLS 1.3 with openssl s_server', () => {
  it.each([
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_AES_128_CCM_SHA256',
    'TLS_AES_128_CCM_8_SHA256',
  ])('reads the flight under %s and verifies Finished', async (name) => {
    const port = await servers.openssl(...ecdsa, '-tls1_3', '-ciphersuites', name);

    const { serverHello, flight } = answered(await exchange(at(port), fullOffer('localhost')));

    expect(serverHello.version).toBe('TLSv1.3');
    expect(serverHello.cipherSuite).toBe(cipherSuiteNamed(name)?.id);
    expect(flight).toMatchObject({ finished: true, ended: { kind: 'complete' }, certificateRequest: null });
    expect(flight.certificate?.chain.map((der) => Buffer.from(der))).toEqual([lab.der('server')]);
    expect(signatureSchemeName(flight.certificateVerifyScheme ?? 0)).toBe('ecdsa_secp256r1_sha256');
  });

  it.each(['X25519', 'P-256', 'P-384', 'P-521', 'X448'])(
    'agrees upon %s, by HelloRetryRequest where need be',
    async (group) => {
      const port = await servers.openssl(...rsa, '-tls1_3', '-groups', group);

      const { serverHello, helloRetryRequest, flight } = answered(
        await exchange(at(port), fullOffer('localhost')),
      );

      expect(flight).toMatchObject({ finished: true, ended: { kind: 'complete' } });
      expect(helloRetryRequest === null).toBe(group === 'X25519');
      expect(helloRetryRequest?.keyShare?.group ?? GROUP.x25519).toBe(serverHello.keyShare?.group);
    },
  );

  it('is told the group by a HelloRetryRequest that it does not answer', async () => {
    const [port, ffdhePort] = [
      await servers.openssl(...ecdsa, '-groups', 'P-384'),
      await servers.openssl(...ecdsa, '-groups', 'ffdhe3072'),
    ];

    const offer = { ...fullOffer('localhost', ['TLSv1.3']), keyShares: [] };
    const told = answered(await exchange(at(port), offer, { retry: false }));
    const unanswerable = answered(await exchange(at(ffdhePort), offer));

    expect(told.serverHello.helloRetryRequest).toBe(true);
    expect(groupName(told.serverHello.keyShare?.group ?? 0)).toBe('secp384r1');
    expect(groupName(unanswerable.serverHello.keyShare?.group ?? 0)).toBe('ffdhe3072');
    expect(unanswerable.flight.ended).toEqual({ kind: 'not-read' });
  });

  it('answers a cookie with the cookie', async () => {
    const port = await servers.openssl(...ecdsa, '-tls1_3', '-stateless');

    const { helloRetryRequest, flight } = answered(await exchange(at(port), fullOffer('localhost')));

    expect(helloRetryRequest?.extensions.some(({ type }) => type === EXTENSION_TYPE.cookie)).toBe(true);
    expect(flight.finished).toBe(true);
  });

  it('is shown the CertificateRequest with its CA names and signature algorithms', async () => {
    const port = await servers.openssl(
      ...ecdsa,
      '-Verify',
      '1',
      '-CAfile',
      'ca.crt',
      '-client_sigalgs',
      'ECDSA+SHA256:RSA-PSS+SHA384',
    );

    const { flight } = answered(await exchange(at(port), fullOffer('localhost')));

    expect(flight.certificateRequest?.signatureSchemes?.map(signatureSchemeName)).toEqual([
      'ecdsa_secp256r1_sha256',
      'rsa_pss_rsae_sha384',
    ]);
    const names = flight.certificateRequest?.certificateAuthorities.map((name) =>
      Buffer.from(name).toString('latin1'),
    );
    expect(names).toHaveLength(1);
    expect(names?.[0]).toMatch(/^0.*Lab.*ca$/s);
  });

  it('sees ALPN and the whole chain', async () => {
    const port = await servers.openssl(...ecdsa, '-cert_chain', 'ca.crt', '-alpn', 'h2,http/1.1');

    const { flight } = answered(await exchange(at(port), { ...fullOffer('localhost'), alpn: ['http/1.1'] }));

    expect(flight.extensions?.alpn).toBe('http/1.1');
    expect(flight.certificate?.chain.map((der) => Buffer.from(der))).toEqual([
      lab.der('server'),
      lab.der('ca'),
    ]);
  });
});

describe.skipIf(!peer('openssl'))('TLS 1.2 and before with openssl s_server', () => {
  it.each([
    ['ECDHE-ECDSA-AES128-GCM-SHA256', ecdsa],
    ['ECDHE-ECDSA-AES256-SHA384', ecdsa],
    ['ECDHE-RSA-CHACHA20-POLY1305', rsa],
    ['AES128-SHA', rsa],
    ['DHE-RSA-AES256-GCM-SHA384', rsa],
  ])('reads the flight of %s', async (name, certificate) => {
    const port = await servers.openssl(...certificate, '-tls1_2', '-cipher', `${name}:@SECLEVEL=0`);

    const { serverHello, flight } = answered(await exchange(at(port), fullOffer('localhost')));

    expect(serverHello).toMatchObject({ version: 'TLSv1.2', cipherSuite: cipherSuiteNamed(name)?.id });
    expect(flight.ended).toEqual({ kind: 'complete' });
    expect(flight.certificate?.chain).toHaveLength(1);
    expect(flight.extensions).toMatchObject({
      extendedMasterSecret: true,
      encryptThenMac: !/GCM|CHACHA/.test(name),
    });
    expect(flight.extensions?.renegotiationInfo).toHaveLength(0);
    expect(flight.serverKeyExchange?.kind ?? 'none').toBe(
      name.startsWith('E') ? 'named-curve' : name.startsWith('D') ? 'dh' : 'none',
    );
  });

  it('measures the DH prime', async () => {
    writeFileSync(lab.path('dh.pem'), dhParameters(getDiffieHellman('modp5').getPrime()));
    const port = await servers.openssl(
      ...rsa,
      '-tls1_2',
      '-cipher',
      'DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0',
      '-dhparam',
      'dh.pem',
    );

    const { flight } = answered(await exchange(at(port), fullOffer('localhost')));

    expect(flight.serverKeyExchange).toMatchObject({ kind: 'dh', primeBits: 1536 });
  });

  it('reads an anonymous ServerKeyExchange, which has no signature', async () => {
    const port = await servers.openssl('-nocert', '-tls1_2', '-cipher', 'AECDH-AES128-SHA:@SECLEVEL=0');

    const { flight } = answered(await exchange(at(port), { ...fullOffer(null), cipherSuites: [0xc018] }));

    expect(flight).toMatchObject({ certificate: null, ended: { kind: 'complete' } });
    expect(flight.serverKeyExchange).toMatchObject({
      kind: 'named-curve',
      group: GROUP.x25519,
      signature: null,
    });
  });

  it.each(['TLSv1', 'TLSv1.1', 'TLSv1.2'] as const)('finds %s where it is offered', async (version) => {
    const port = await servers.openssl(...rsa, '-cipher', 'ALL:@SECLEVEL=0', '-min_protocol', 'TLSv1');

    const { serverHello, flight } = answered(await exchange(at(port), fullOffer('localhost', [version])));

    expect(serverHello.version).toBe(version);
    expect(flight.ended).toEqual({ kind: 'complete' });
    expect(serverHello.downgradeSentinel).toBe(version === 'TLSv1.2' ? 'TLSv1.2' : 'TLSv1.1');
  });

  it('is shown the CertificateRequest in clear', async () => {
    const port = await servers.openssl(...ecdsa, '-tls1_2', '-verify', '1', '-CAfile', 'ca.crt');

    const { flight } = answered(await exchange(at(port), fullOffer('localhost')));

    expect(flight.certificateRequest?.certificateTypes).toEqual([1, 2, 64]);
    expect(flight.certificateRequest?.signatureSchemes?.map(signatureSchemeName)).toContain('ed25519');
    expect(flight.certificateRequest?.certificateAuthorities).toHaveLength(1);
  });

  it.each([
    ['handshake_failure', { cipherSuites: [0x002f] }],
    ['handshake_failure', { cipherSuites: [0xc02b], groups: [GROUP.x448] }],
  ])('is told %s for what the server does not have', async (name, change) => {
    const port = await servers.openssl(...ecdsa, '-tls1_2', '-groups', 'P-256');

    const outcome = await exchange(at(port), { ...fullOffer('localhost', ['TLSv1.2']), ...change });

    expect(outcome.kind === 'alert' && alertName(outcome.alert)).toBe(name);
  });

  it('is told inappropriate_fallback by a server that knows the signalling suite', async () => {
    const port = await servers.openssl(...ecdsa);

    const offer = fullOffer('localhost', ['TLSv1.2']);
    const outcome = await exchange(at(port), { ...offer, cipherSuites: [...offer.cipherSuites, 0x5600] });

    expect(outcome).toEqual({ kind: 'alert', level: 2, alert: 86 });
  });

  it('sees an OCSP staple in both versions', async () => {
    writeFileSync(lab.path('staple.der'), ocspResponse());
    const port = await servers.openssl(...ecdsa, '-status_file', 'staple.der');

    const both = await Promise.all(
      (['TLSv1.3', 'TLSv1.2'] as const).map(async (version) =>
        answered(await exchange(at(port), fullOffer('localhost', [version]))),
      ),
    );

    for (const { flight } of both)
      expect(Buffer.from(flight.certificate?.ocspResponse ?? [])).toEqual(ocspResponse());
  });
});

/** tryLater, RFC 6960 §4.2.1: an OCSPResponse without a body. */
function ocspResponse(): Buffer {
  return Buffer.from('30030a0103', 'hex');
}

/** DHParameter of PKCS #3 with 2 as its generator. */
function dhParameters(prime: Buffer): string {
  const integer = Buffer.concat([Buffer.from([0x02, 0x81, prime.length + 1, 0]), prime]);
  const content = Buffer.concat([integer, Buffer.from([0x02, 0x01, 0x02])]);
  const der = Buffer.concat([Buffer.from([0x30, 0x81, content.length]), content]);
  return `-----BEGIN DH PARAMETERS-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END DH PARAMETERS-----\n`;
}
