import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAccessFile } from '../../src/server/access-file.js';
import { ACCESS_SCHEMA } from '../../src/server/access-schema.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sslapi-access-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (content: unknown): string => {
  const path = join(folder, 'access.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
const rule = (more: object = {}) => ({ identity: 'alice', methods: ['GET'], paths: ['/items/*'], ...more });

describe('the file of access rules', () => {
  it('is read as it is written', () => {
    const path = write({
      groups: { staff: ['alice', 'URI:spiffe://acme/bob'] },
      rules: [rule(), { group: 'staff', allow: false, methods: ['*'], paths: ['*'] }],
    });
    expect(readAccessFile(path).rules).toEqual([
      {
        allow: true,
        who: new Set(['CN:alice']),
        methods: new Set(['GET']),
        paths: [{ text: '/items/', isBeginning: true }],
      },
      {
        allow: false,
        who: new Set(['CN:alice', 'URI:spiffe://acme/bob']),
        methods: new Set(['*']),
        paths: [{ text: '', isBeginning: true }],
      },
    ]);
  });

  it('takes every path that a request may have', () => {
    const paths = ['*', '/', '/*', '/items/a.b..c', '/aéb', '/items/', '/items*', '/a/.*'];
    expect(readAccessFile(write({ rules: [rule({ paths })] })).rules[0]!.paths).toHaveLength(8);
  });

  it('takes a commonName with a colon or an equals sign in it where it is said to be one', () => {
    const path = write({
      rules: [rule({ identity: 'CN:CN=alice' }), rule({ identity: 'email:a@acme.test' })],
    });
    expect(readAccessFile(path).rules.map(({ who }) => who)).toEqual([
      new Set(['CN:CN=alice']),
      new Set(['EMAIL:a@acme.test']),
    ]);
  });

  it.each<[string, unknown, RegExp, RegExp?]>([
    ['that is no JSON', '{"rules":', /is not JSON/],
    ['without rules', {}, /at the top: "rules" is missing/],
    ['with a mistyped field', { rules: [rule({ method: ['GET'] })] }, /at \/rules\/0\/method: /, /methods/],
    ['with a method of no kind', { rules: [rule({ methods: ['get'] })] }, /at \/rules\/0\/methods\/0: /],
    ['with a path that is none', { rules: [rule({ paths: ['items'] })] }, /at \/rules\/0\/paths\/0: /],
    ['with a * inside', { rules: [rule({ paths: ['/a*b'] })] }, /at \/rules\/0\/paths\/0: /],
    ['for nobody', { rules: [{ methods: ['GET'], paths: ['*'] }] }, /at \/rules\/0: it takes either/],
    ['for two', { rules: [rule({ group: 'staff' })] }, /at \/rules\/0: it takes either/],
    [
      'for a group that is not there',
      { groups: { staff: [] }, rules: [rule({ identity: undefined, group: 'stuff' })] },
      /at \/rules\/0\/group: there is no group "stuff"/,
      /staff/,
    ],
    [
      'for one called like a property',
      { rules: [{ ...rule(), identity: undefined, group: 'toString' }] },
      /no group/,
    ],
    [
      'with everybody in a group',
      { groups: { all: ['a', '*'] }, rules: [] },
      /at \/groups\/all\/1: "\*" is no/,
    ],
    [
      'with who has no certificate in a group',
      { groups: { all: ['anonymous'] }, rules: [] },
      /at \/groups\/all\/0: .*CN:anonymous/,
    ],
    [
      'with a name as config writes it',
      { rules: [rule({ identity: 'CN=alice' })] },
      /at \/rules\/0\/identity: "CN=alice" is nobody's name: begin with one of CN: URI: .* write CN:CN=alice/,
    ],
    [
      'with a URI that does not say so',
      { rules: [rule({ identity: 'spiffe://acme/x' })] },
      /"spiffe:.* URI: /,
    ],
    ['with such a member', { groups: { all: ['OU=x'] }, rules: [] }, /at \/groups\/all\/0: "OU=x" is nobody/],
    [
      'with HEAD, for which GET stands',
      { rules: [rule({ methods: ['HEAD'] })] },
      /at \/rules\/0\/methods\/0: /,
    ],
    [
      'with an address that is none',
      { rules: [rule({ identity: 'IP:10.0.0.256' })] },
      /"IP:10.* is no IP ad/,
    ],
    ...['/%61dmin', '//admin', '/admin/../x', '/a/./b', '/a;b', '/a b', '/a\\b', '//*', '/a/../*'].map(
      (path): [string, unknown, RegExp] => [
        `with the path ${path}, which no request has`,
        { rules: [rule({ paths: ['/items', path] })] },
        /at \/rules\/0\/paths\/1: ".*" is no path that is ever asked for/,
      ],
    ),
    ['with a member that is none', { groups: { staff: [7] }, rules: [] }, /at \/groups\/staff\/0: /],
  ])('%s is refused, and the place is told', (_what, content, message, hint = /./) => {
    expect(() => readAccessFile(write(content))).toThrow(
      expect.objectContaining({
        code: 'ERR_ACCESS_INVALID',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      }),
    );
  });

  it('that is not there is refused too', () => {
    expect(() => readAccessFile(join(folder, 'none.json'))).toThrow(/cannot be read \(ENOENT\)/);
  });
});

describe('the published schema', () => {
  it('is the one that files are held against, and a JSON Schema', () => {
    expect(JSON.parse(readFileSync('templates/access.schema.json', 'utf8'))).toEqual(ACCESS_SCHEMA);
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(ACCESS_SCHEMA);
    expect(validate({ groups: { a: ['x'] }, rules: [rule()] })).toBe(true);
    expect(validate({ groups: { a: [1] }, rules: [rule()] })).toBe(false);
  });
});
