import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fullOffer } from '../../src/tls/full-offer.js';
import { takeSession } from '../../src/tls/resumption.js';
import { ticketbleed } from '../../src/tls/ticketbleed.js';
import { peer } from '../peers/peer.js';
import { ticketbleedProxy } from './faulty-implementations.js';
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

const openssl = () => servers.openssl('-cert', 'server.crt', '-key', 'server.key', '-tls1_2');
const offer = fullOffer('localhost', ['TLSv1.2']);

async function tried(port: number, spoil = (ticket: Uint8Array) => ticket) {
  const target = { host: '127.0.0.1', port };
  const asked = {
    target,
    servername: 'localhost',
    version: 'TLSv1.2',
    tickets: true,
    timeoutMs: 3_000,
  } as const;
  const taken = await takeSession(asked, new Uint8Array());
  const ticket = taken.kind === 'completed' ? taken.given?.ticket : null;
  return ticketbleed(target, offer, spoil(ticket!), { timeoutMs: 3_000 });
}

describe.skipIf(!peer('openssl'))('Ticketbleed', () => {
  it('is seen where a short session id comes back with memory behind it', async () => {
    const port = await faulty.listen(ticketbleedProxy(await openssl()));

    expect(await tried(port)).toEqual({
      kind: 'seen',
      evidence: 'repeats a session id of 16 octets with 16 more out of its memory',
    });
  });

  it('is not seen where it comes back as it was', async () => {
    expect(await tried(await openssl())).toEqual({
      kind: 'not-seen',
      evidence: 'resumes by a ticket, and repeats the session id as it was',
    });
  });

  it('is not seen where the ticket is not taken, whatever session id the server gives', async () => {
    const port = await faulty.listen(ticketbleedProxy(await openssl()));

    expect(await tried(port, (ticket) => ticket.map((octet) => octet ^ 1))).toEqual({
      kind: 'not-seen',
      evidence: 'the server did not resume by its ticket, and repeats no session id',
    });
  });
});
