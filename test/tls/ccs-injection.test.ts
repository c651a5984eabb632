import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ccsInjection } from '../../src/tls/ccs-injection.js';
import { fullOffer } from '../../src/tls/full-offer.js';
import { peer } from '../peers/peer.js';
import { changeCipherSpecServer } from './faulty-implementations.js';
import { FaultyServers } from './faulty-server.js';
import { type LabCertificates, labCertificates } from './lab-certificates.js';
import { LabServers } from './lab-servers.js';

const faulty = new FaultyServers();
let lab: LabCertificates;
let servers: LabServers;
beforeAll(() => {
  lab = labCertificates();
  lab.issue('server');
  servers = new LabServers(lab);
});
afterAll(() => {
  faulty.close();
  servers.close();
  lab.close();
});

const offer = fullOffer('localhost', ['TLSv1.2']);
const tried = (port: number) => ccsInjection({ host: '127.0.0.1', port }, offer, { timeoutMs: 3_000 });

describe('the injection of ChangeCipherSpec', () => {
  it('is seen on a server that changes its keys', async () => {
    const port = await faulty.listen(changeCipherSpecServer('takes-it'));

    expect(await tried(port)).toEqual({
      kind: 'seen',
      evidence:
        'takes a ChangeCipherSpec before any key, and answers a second one by the alert bad_record_mac',
    });
  });

  it.each([
    ['refuses it', 'refuses', 'an early ChangeCipherSpec is answered by the alert unexpected_message'],
    ['closes', 'closes', 'an early ChangeCipherSpec ends the connection'],
    [
      'passes over it',
      'passes-over',
      'an early ChangeCipherSpec is answered by the alert unexpected_message',
    ],
  ] as const)('is not seen on a server that %s', async (_name, behaviour, evidence) => {
    const port = await faulty.listen(changeCipherSpecServer(behaviour));

    expect(await tried(port)).toEqual({ kind: 'not-seen', evidence });
  });

  it('is untold, within about a second, on a server that says nothing more', async () => {
    const port = await faulty.listen(changeCipherSpecServer('mute'));
    const startedAt = performance.now();

    expect(await tried(port)).toEqual({ kind: 'untold', ended: { kind: 'timeout' } });
    expect(performance.now() - startedAt).toBeLessThan(1_900);
  });

  it.skipIf(!peer('openssl'))('is not seen on OpenSSL', async () => {
    expect(await tried(await servers.openssl('-cert', 'server.crt', '-key', 'server.key'))).toEqual({
      kind: 'not-seen',
      evidence: 'an early ChangeCipherSpec is answered by the alert unexpected_message',
    });
  });
});
