import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientStanding } from '../../src/server/client-standing.js';
import { ClientJudge, type ClientVerdict, type VerifiedClient } from '../../src/server/judge-client.js';
import { PkiFolder } from '../../src/store/pki-folder.js';
import { serialNumberHex } from '../../src/x509/serial-number.js';
import { type ApiLab, apiLab } from './api-lab.js';

let lab: ApiLab;
let cert: string;
beforeAll(async () => {
  lab = await apiLab();
  cert = (await lab.ca.issueClient({ commonName: 'alice' })).fullchain;
});
afterAll(() => lab.remove());

/** What the judge looks at of a connection whose handshake is done. */
function connection(pem: string, authorized = true): TLSSocket {
  const peer = new X509Certificate(pem);
  return {
    getPeerCertificate: () => ({ raw: peer.raw }),
    getSession: () => undefined,
    authorized,
    authorizationError: 'CERT_X',
  } as unknown as TLSSocket;
}

function inDays(days: number): Date {
  return new Date(Date.now() + days * 86_400_000);
}

function verdict(given: ClientVerdict): string {
  return given.kind === 'refused' ? given.refusal.code : given.kind;
}

describe('a certificate that was found good before', () => {
  it('is not searched a path for again, and is the same client', () => {
    const judge = new ClientJudge(lab.ca);

    const [first, second] = [0, 1].map(() => judge.judge(connection(cert), new Date()));

    expect(verdict(first!)).toBe('verified');
    expect((second as { client: VerifiedClient }).client).toBe((first as { client: VerifiedClient }).client);
  });

  it.each([
    ['after its end', 400, 'cert-expired'],
    ['before its beginning', -400, 'cert-not-yet-valid'],
  ])('is refused %s', (_when, days, code) => {
    const judge = new ClientJudge(lab.ca);
    judge.judge(connection(cert), new Date());

    expect(verdict(judge.judge(connection(cert), inDays(days)))).toBe(code);
  });

  it('is refused where OpenSSL refuses it in this handshake', () => {
    const judge = new ClientJudge(lab.ca);
    judge.judge(connection(cert), new Date());

    expect(verdict(judge.judge(connection(cert, false), new Date()))).toBe('not-authorized-by-tls');
  });

  it('by OpenSSL alone is not, and is not remembered as such either', () => {
    const judge = new ClientJudge(lab.ca);
    const other = new X509Certificate(cert).raw;
    other[other.length - 1]! ^= 1; // in the signature
    const pem = new X509Certificate(other).toString();

    expect([0, 1].map(() => verdict(judge.judge(connection(pem), new Date())))).toEqual([
      'signature-invalid',
      'signature-invalid',
    ]);
  });
});

describe('a client of a CA that another tool began', () => {
  it('is out where that tool’s CRL listed it, though the store does not hold its certificate', async () => {
    const standing = new ClientStanding(lab.ca);
    const judged = new ClientJudge(lab.ca).judge(connection(cert), new Date());
    const { client } = judged as { client: VerifiedClient };
    expect(await standing.of(client)).toBeNull();

    const store = await new PkiFolder(lab.ca.folder.path).openStore();
    const listed = { revocationDate: new Date(), reason: 'keyCompromise', invalidityDate: null } as const;
    const serialNumber = serialNumberHex(client.leaf.serialNumber);
    await store.transaction((writing) =>
      writing.insertCrlEntry(lab.ca.issuing.id, { serialNumber, ...listed }),
    );
    await store.close();

    await standing.refresh();
    expect(await standing.of(client)).toMatchObject({ code: 'cert-revoked' });
  });

  it('stays where the list of another CA has the same serial number', async () => {
    const judge = new ClientJudge(lab.ca);
    const bob = (await lab.ca.issueClient({ commonName: 'bob' })).fullchain;
    const { client } = judge.judge(connection(bob), new Date()) as { client: VerifiedClient };

    const store = await new PkiFolder(lab.ca.folder.path).openStore();
    const listed = { revocationDate: new Date(), reason: 'keyCompromise', invalidityDate: null } as const;
    const serialNumber = serialNumberHex(client.leaf.serialNumber);
    await store.transaction((writing) =>
      writing.insertCrlEntry(lab.ca.root!.id, { serialNumber, ...listed }),
    );
    await store.close();

    expect(await new ClientStanding(lab.ca).of(client)).toBeNull();
  });
});
