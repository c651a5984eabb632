import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiClient } from './api-client.js';
import { type ApiLab, apiLab } from './api-lab.js';

let lab: ApiLab;
beforeAll(async () => {
  lab = await apiLab();
});
afterAll(() => lab?.remove());

describe('the rate of requests', () => {
  it('is told by standard fields, and over it there is 429, which does not end the connection', async () => {
    const server = await lab.start({ rateLimit: { requests: 2, windowMs: 60_000 } });
    const [carol, dora] = [await lab.issue('carol'), await lab.issue('dora')];
    const client = apiClient(lab, server, carol);

    const answers = [];
    for (let count = 0; count < 3; count += 1) answers.push(await client.call('GET', '/whoami'));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers.map(({ headers }) => headers['ratelimit-remaining'])).toEqual(['1', '0', '0']);
    expect(answers[2]!.headers).toMatchObject({
      'ratelimit-limit': '2',
      'ratelimit-policy': '2;w=60',
      'retry-after': expect.stringMatching(/^\d+$/),
      connection: 'keep-alive',
    });
    expect(answers[2]!.body.error).toMatchObject({
      code: 'rate-limited',
      hint: expect.stringContaining('Retry-After'),
    });

    const again = apiClient(lab, server, carol); // another connection is the same identity
    expect((await again.call('GET', '/whoami')).status).toBe(429);
    const other = apiClient(lab, server, dora);
    expect((await other.call('GET', '/whoami')).status).toBe(200);
    for (const one of [client, again, other]) one.end();
  });
});

describe('whether the server can do its work', () => {
  it('is yes while the store answers and nothing has ended', async () => {
    const client = apiClient(lab, await lab.start(), await lab.issue('alice'));
    expect(await client.call('GET', '/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } });
    client.end();
  });

  it('is no, with every reason, once CRLs have ended', async () => {
    const { root, issuing } = lab.ca;
    const ended = [root!, issuing].map(({ role }) => ({ role, nextUpdate: new Date('2020-02-01') }));
    const ca = {
      root,
      issuing,
      revocationOf: (serialNumber: string, id?: string) => lab.ca.revocationOf(serialNumber, id),
      storeVersion: () => lab.ca.storeVersion(),
      revocationEdition: () => lab.ca.revocationEdition(),
      crlEnds: async () => ended,
    };
    const client = apiClient(lab, await lab.start({ ca }), await lab.issue('bob'));

    const { status, body } = await client.call('GET', '/readyz');

    expect(status).toBe(503);
    expect(body).toMatchObject({ status: 'not ready', error: { code: 'crl-expired' } });
    expect(body.reasons).toEqual(
      ['root', 'issuing'].map((id) => ({
        code: 'crl-expired',
        message: `the CRL of "${id}" ended on 2020-02-01T00:00:00Z: servers that read it refuse everybody`,
        fix: 'make a new one: `sslapi gen-crl`',
      })),
    );
    client.end();
  });
});
