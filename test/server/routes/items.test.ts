import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessRules } from '../../../src/server/access-rules.js';
import type { RunningServer } from '../../../src/server/listener.js';
import { serverEventLine } from '../../../src/server/server-event.js';
import { type ApiClient, apiClient } from '../api-client.js';
import { type ApiLab, apiLab } from '../api-lab.js';

let lab: ApiLab;
let server: RunningServer;
let alice: ApiClient;
beforeAll(async () => {
  lab = await apiLab();
  server = await lab.start({
    access: accessRules({ rules: [{ identity: '*', methods: ['*'], paths: ['*'] }] }),
    rateLimit: 'off',
  });
  alice = apiClient(lab, server, await lab.issue('alice'));
});
afterAll(async () => {
  alice?.end();
  await lab?.remove();
});

const create = async (name: string) => (await alice.call('POST', '/items', { name })).body as { id: number };

describe('an item', () => {
  it('is made, read, replaced, changed in part and removed', async () => {
    const made = await alice.call('POST', '/items', { name: 'bolt', tags: ['steel'] });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ name: 'bolt', note: '', quantity: 0, tags: ['steel'], owner: 'alice' });
    const { location, etag } = made.headers;
    expect([location, etag]).toEqual([`/items/${made.body.id}`, '"1"']);
    const path = String(location);

    expect(await alice.call('GET', path)).toMatchObject({ status: 200, body: made.body, headers: { etag } });
    expect((await alice.call('PUT', path, { name: 'nut', quantity: 7 })).body).toMatchObject({
      name: 'nut',
      quantity: 7,
      tags: [],
      owner: 'alice',
      createdAt: made.body.createdAt,
    });
    const patched = await alice.call('PATCH', path, { note: 'M8' });
    expect(patched).toMatchObject({ status: 200, headers: { etag: '"3"' } });
    expect(patched.body).toMatchObject({ name: 'nut', quantity: 7, note: 'M8' });
    expect((await alice.call('DELETE', path)).status).toBe(204);
    for (const [method, body] of [
      ['GET'],
      ['PUT', { name: 'x' }],
      ['PATCH', { name: 'x' }],
      ['DELETE'],
    ] as const)
      expect(await alice.call(method, path, body)).toMatchObject({
        status: 404,
        body: { error: { code: 'not-found' } },
      });
    expect((await create('after')).id).toBeGreaterThan(made.body.id);
  });

  it('is changed only as it was seen, where the client says how it saw it', async () => {
    const { id } = await create('contended');
    const path = `/items/${id}`;

    expect((await alice.call('PUT', path, { name: 'first' }, { 'if-match': '"1"' })).status).toBe(200);
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const body = method === 'DELETE' ? undefined : { name: 'second' };
      const refused = await alice.call(method, path, body, { 'if-match': '"1"' });
      expect(refused).toMatchObject({
        status: 412,
        headers: { etag: '"2"' },
        body: { error: { code: 'item-changed' } },
      });
    }
    expect((await alice.call('GET', path)).body.name).toBe('first');
    for (const [known, status] of [
      ['"2"', 304],
      ['"7", W/"2"', 304],
      ['*', 304],
      ['"1"', 200],
    ] as const)
      expect((await alice.call('GET', path, undefined, { 'if-none-match': known })).status).toBe(status);
    for (const known of ['*', '"2"', 'W/"2"', '"7", "2"'])
      for (const method of ['PUT', 'PATCH', 'DELETE']) {
        const body = method === 'DELETE' ? undefined : { name: 'third' };
        expect((await alice.call(method, path, body, { 'if-none-match': known })).status).toBe(412);
      }
    expect((await alice.call('DELETE', path, undefined, { 'if-match': 'W/"2"' })).status).toBe(412);
    expect((await alice.call('DELETE', path, undefined, { 'if-match': '"1", "2"' })).status).toBe(204);
  });

  it.each<[string, string, unknown, RegExp]>([
    ['POST', '/items', {}, /^body has no "name"$/],
    ['POST', '/items', { name: '' }, /^body\.name must NOT have fewer than 1 characters$/],
    ['POST', '/items', { name: 'x', quantity: '7' }, /^body\.quantity is no integer$/],
    ['POST', '/items', { name: 'x', quantity: 1.5 }, /^body\.quantity is no integer$/],
    ['POST', '/items', { name: 'x', owner: 'bob' }, /^body has "owner", which is no field of it$/],
    ['POST', '/items', { name: 'x', tags: ['a', 'a'] }, /^body\.tags must NOT have duplicate items/],
    ['POST', '/items', [], /^body is no object$/],
    ['PATCH', '/items/1', {}, /^body must NOT have fewer than 1 properties$/],
    ['GET', '/items/x', undefined, /^params\.id is no integer$/],
    ['GET', '/items/0', undefined, /^params\.id must be >= 1$/],
    ['GET', '/items/99999999999999999999', undefined, /^params\.id must be <= /],
    // a rule that keeps /items/1 from somebody means it by its path
    ...['01', '1.0', '1e0', '0x1', '0b1', '+1', '%301'].map((id): [string, string, unknown, RegExp] => [
      'GET',
      `/items/${id}`,
      undefined,
      /^params\.id must be written without anything but its digits$/,
    ]),
    ['GET', '/items?limit=101', undefined, /^querystring\.limit must be <= 100$/],
    ['GET', '/items?limt=1', undefined, /^querystring has "limt", which is no field of it$/],
  ])('%s %s %j is refused: %s', async (method, path, body, message) => {
    lab.events.length = 0;
    const { status, body: answer } = await alice.call(method, path, body);

    expect([status, answer.error]).toEqual([
      400,
      {
        code: 'invalid-input',
        message: expect.stringMatching(message),
        hint: expect.stringContaining('/openapi.json'),
      },
    ]);
    expect(lab.events.map(serverEventLine)).toEqual([
      expect.stringMatching(
        /^refused 127\.0\.0\.1:\d+: .* \(invalid-input\) CN=alice serial [0-9a-f]+; fix: see/,
      ),
    ]);
  });

  it('of another media type, or none, is not read', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])
      expect(await alice.call('POST', '/items', '{"name":"x"}', { 'content-type': type })).toMatchObject({
        status: 415,
        body: { error: { code: 'media-type-unknown' } },
      });
  });

  it.each<[string, string | Buffer, RegExp, Record<string, string>?]>([
    ['that is empty', '', /^the body is empty$/],
    ['that is none', '{"name": x}', /^the body is no JSON: .*(position|Unexpected)/],
    ['that is no UTF-8', Buffer.from('{"name":"\xff"}', 'latin1'), /^the body is not UTF-8$/],
    ['with a name twice', '{"name":"a","name":"b"}', /^the body has "name" twice in one object$/],
    ['with __proto__', '{"name":"a","__proto__":{}}', /^the body has a name that is not taken: "__proto__"/],
    [
      'in another charset',
      '{"name":"a"}',
      /in utf-16/,
      { 'content-type': 'application/json; charset=utf-16' },
    ],
    [
      'that is packed',
      gzipSync('{"name":"a"}'),
      /\(Content-Encoding: gzip\)/,
      { 'content-encoding': 'gzip' },
    ],
  ])('of JSON %s is not read, and the reason is told', async (_what, body, message, headers = {}) => {
    const answer = await alice.call('POST', '/items', body, headers);

    const isCoding = Object.keys(headers).length > 0;
    expect(answer.status).toBe(isCoding ? 415 : 400);
    const code = isCoding ? 'media-type-unknown' : 'invalid-json';
    expect(answer.body.error).toEqual({
      code,
      message: expect.stringMatching(message),
      hint: expect.any(String),
    });
  });

  it('of JSON in UTF-8 is read, whatever the case of its header fields', async () => {
    const headers = { 'content-type': 'Application/JSON; Charset="UTF-8"', 'content-encoding': 'Identity' };
    const { status, body } = await alice.call('POST', '/items', '\ufeff{"name":"ä€🙂"}', headers);

    expect([status, body.name]).toEqual([201, 'ä€🙂']);
  });

  it('cannot be posted where there is no such method, and is told which there are', async () => {
    const { status, headers } = await alice.call('POST', '/items/7', { name: 'x' });
    expect([status, headers['allow']]).toEqual([405, 'GET, HEAD, PUT, PATCH, DELETE']);
  });
});

describe('many items', () => {
  it('come a page at a time, each of them once', async () => {
    const made: number[] = [];
    for (let count = 0; count < 7; count += 1) made.push((await create(`one of many ${count}`)).id);

    const seen: number[] = [];
    for (let next: string | null = `/items?limit=3&after=${made[0]! - 1}`; next !== null; ) {
      const { body, headers } = await alice.call('GET', next);
      expect(headers['link']).toBe(body.next === null ? undefined : `<${body.next}>; rel="next"`);
      seen.push(...body.items.map(({ id }: { id: number }) => id));
      next = body.next;
    }
    expect(seen).toEqual(made);
  });

  it('are there for another server on the same store', async () => {
    const { id } = await create('kept');
    const other = await lab.start();
    const bob = apiClient(lab, other, await lab.issue('bob'));

    expect((await bob.call('GET', `/items/${id}`)).body).toMatchObject({ name: 'kept', owner: 'alice' });
    expect(await bob.call('POST', '/items', { name: 'x' })).toMatchObject({
      status: 403,
      body: { error: { code: 'not-allowed', message: 'bob may not POST /items' } },
    });
    bob.end();
  });
});
