import { X509Certificate } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Admission } from '../../src/server/admission.js';
import type { ClientAuthority } from '../../src/server/client-authority.js';
import { type ApiLab, apiLab } from './api-lab.js';

let labs: readonly [ApiLab, ApiLab];
beforeAll(async () => {
  labs = [await apiLab(), await apiLab()];
});
afterAll(() => Promise.all(labs.map((lab) => lab.remove())));

describe('a client that waits to be let in', () => {
  it('is judged by the CA that came meanwhile', async () => {
    const [before, after] = labs;
    const alice = new X509Certificate(readFileSync((await before.issue('alice')).cert));
    let answer = (_version: number): void => undefined;
    const answered = new Promise<number>((resolve) => {
      answer = resolve;
    });
    const slow: ClientAuthority = {
      root: before.ca.root,
      issuing: before.ca.issuing,
      storeVersion: () => answered,
      revocationEdition: async () => 1,
      revocationOf: async () => null,
      crlEnds: async () => [],
    };
    const admission = new Admission(slow, 'require', () => undefined);
    const socket = Object.assign(new EventEmitter(), {
      authorized: true,
      destroyed: false,
      getSession: () => undefined,
      getPeerCertificate: () => ({ raw: alice.raw }),
    }) as unknown as TLSSocket;

    const verdict = admission.admit(socket);
    admission.use(after.ca);
    answer(1);

    expect(await verdict).toMatchObject({ code: 'issuer-not-found' });
    expect(admission.clientOf(socket)).toBeUndefined();
    admission.stop();
  });
});
