import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fullOffer } from '../../src/tls/full-offer.js';
import { heartbleed } from '../../src/tls/heartbleed.js';
import { peer } from '../peers/peer.js';
import { heartbeatServer } from './faulty-implementations.js';
import { FaultyServers } from './faulty-server.js';
import { type LabCertificates, labCertificates } from './lab-certificates.js';
import { LabServers } from './lab-servers.js';

const faulty = new FaultyServers();
let lab: LabCertificates;
let servers: LabServers;
beforeAll(() => {
  lab = labCertificates();
  lab.issue('server-rsa', { keyType: 'rsa' });
  servers = new LabServers(lab);
});
afterAll(() => {
  faulty.close();
  servers.close();
  lab.close();
});

const offer = fullOffer('localhost', ['TLSv1.2']);
const tried = (port: number) => heartbleed({ host: '127.0.0.1', port }, offer, { timeoutMs: 3_000 });

describe('Heartbleed', () => {
  it('is seen on a server that answers with its memory, of which no more is taken than proves it', async () => {
    const port = await faulty.listen(heartbeatServer('over-read'));

    expect(await tried(port)).toEqual({
      kind: 'seen',
      evidence: '64 octets of memory came for a heartbeat that had no payload',
    });
  });

  it('is not seen on a server that answers only what is right, without a wait', async () => {
    const port = await faulty.listen(heartbeatServer('checked'));
    const startedAt = performance.now();

    expect(await tried(port)).toEqual({
      kind: 'not-seen',
      evidence: 'answers a heartbeat, but none that lacks its payload',
    });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('is not seen on a server that agrees to heartbeats and answers none for a second', async () => {
    const port = await faulty.listen(heartbeatServer('mute'));
    const startedAt = performance.now();

    expect(await tried(port)).toEqual({
      kind: 'not-seen',
      evidence: 'no answer to a heartbeat without its payload',
    });
    expect(performance.now() - startedAt).toBeLessThan(1_900);
  });

  it.skipIf(!peer('openssl'))('is not seen on OpenSSL, which has no heartbeats any more', async () => {
    const port = await servers.openssl('-cert', 'server-rsa.crt', '-key', 'server-rsa.key', '-tls1_2');

    expect(await tried(port)).toEqual({
      kind: 'not-seen',
      evidence: 'the server does not agree to heartbeats',
    });
  });

  it.skipIf(!peer('gnutls-serv'))('is not seen on GnuTLS with heartbeats switched on', async () => {
    const keys = ['--x509certfile', 'server-rsa.crt', '--x509keyfile', 'server-rsa.key'];
    const port = await servers.other((at) => [
      ...['gnutls-serv', '--quiet', '--heartbeat', '--port', String(at)],
      ...keys,
    ]);

    const trial = await tried(port);

    expect(trial).toMatchObject({ kind: 'not-seen' });
    expect(trial).not.toMatchObject({ evidence: 'the server does not agree to heartbeats' });
  });

  it('is untold where there is no server, or none that speaks TLS', async () => {
    const port = await faulty.listen((socket) =>
      socket.once('data', () => socket.write('HTTP/1.1 400 Bad\r\n\r\n')),
    );

    expect(await tried(1)).toMatchObject({ kind: 'untold', ended: { kind: 'unreachable' } });
    expect(await tried(port)).toMatchObject({ kind: 'untold', ended: { kind: 'not-tls', protocol: 'http' } });
  });
});
