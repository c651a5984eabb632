import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConfigRequest } from '../../src/config/config-request.js';
import { renderFiles } from '../../src/config/render.js';
import { CONFIG_LEVELS } from '../../src/policy/policies.js';
import { peer } from '../peers/peer.js';
import { FORGED } from './forged-headers.js';

/** Envoy cannot be had here: its schema can, which it parses its configuration with, as strictly. gRPC's library for xDS carries
 *  it. */
const PROTOS = resolve('node_modules/@grpc/grpc-js-xds/deps');
const there = [
  'protoc',
  '/usr/include/google/protobuf/descriptor.proto',
  '/usr/lib/python3/dist-packages/google/protobuf/json_format.py',
  '/usr/lib/python3/dist-packages/yaml/__init__.py',
  PROTOS,
].every(peer);

const files = {
  fullchain: `/pki/my "x" 'ünï' \\ ; { # % & ${'$'}{x}/fullchain.pem`,
  privkey: '/pki/issued/api.test/privkey.pem',
  caChain: '/pki/ca-chain.crt',
  crlChain: '/pki/crl-chain.pem',
};
const written = (wishes: Partial<ConfigRequest> = {}) =>
  renderFiles({
    target: 'envoy',
    level: 'intermediate',
    clientAuth: 'require',
    serverName: 'api.test',
    listen: { host: '0.0.0.0', port: 8443 },
    files,
    standalone: false,
    ...wishes,
  });

describe.runIf(there)("what is written for Envoy, by Envoy's own schema", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sslapi-envoy-'));
    compileSchema(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What is wrong with configurations, each a list of files; the first is a bootstrap, the others answers of a discovery. */
  const faultsOf = (configurations: ReadonlyArray<readonly { name: string; text: string }[]>): string => {
    const asked = configurations.flatMap((one, index) =>
      one.flatMap(({ name, text }, place) => {
        const file = join(folder, `${index}-${name}`);
        writeFileSync(file, text);
        return [place === 0 ? BOOTSTRAP : 'envoy.service.discovery.v3.DiscoveryResponse', file];
      }),
    );
    const { stdout, stderr } = spawnSync(
      '/usr/bin/python3',
      ['test/config/envoy/strict.py', join(folder, 'schema'), ...asked],
      { encoding: 'utf8' },
    );
    return `${stdout}${stderr}`;
  };

  it('is right, whatever is asked for', () => {
    const upstreams = [undefined, 'http://[::1]:9000', 'https://app.test', 'https://10.0.0.1:8443'];
    const hosts = ['*', '127.0.0.1', '::1'];
    const all = CONFIG_LEVELS.flatMap((level) =>
      (['require', 'optional', 'off'] as const).flatMap((clientAuth) =>
        upstreams.map((upstream, index) =>
          written({ level, clientAuth, upstream, listen: { host: hosts[index % 3]!, port: 443 } }),
        ),
      ),
    );

    expect(all).toHaveLength(24);
    expect(faultsOf(all)).toBe('');
  });

  it('is right with the example of a rule taken in', () => {
    const [bootstrap, ...others] = written();
    const text = bootstrap.text.replaceAll(
      /^( *)# ( *(?:- |typed_config|"@type"|rules|action|policies|admin-is|perm|princ|or_ids|ids).*)$/gm,
      '$1$2',
    );

    expect(text).toContain('\n                  - name: envoy.filters.http.rbac\n');
    expect(faultsOf([[{ ...bootstrap, text }, ...others]])).toBe('');
  });

  it.each([
    [
      'a field that there is none of',
      'require_client_certificate:',
      'requires_client_certificate:',
      /no field named/,
    ],
    ['a word for another', 'TLSv1_3', 'TLSv1.3', /Invalid enum value/],
    ['a filter that there is none of', 'v3.Buffer\n', 'v3.Puffer\n', /Can not find message/],
    [
      'a number outside of its bounds',
      'max_request_headers_kb: 16',
      'max_request_headers_kb: 9000',
      /lte 8192/,
    ],
    ['nothing where something must be', 'domains: ["*"]', 'domains: []', /min_items 1/],
    ['what will go', 'append_action: OVERWRITE_IF_EXISTS_OR_ADD', 'append: false', /deprecated/],
  ])('would not be with %s', (_what, from, to, said) => {
    const [bootstrap] = written();
    const text = bootstrap.text.replace(from, to);

    expect(text).not.toBe(bootstrap.text);
    expect(faultsOf([[{ ...bootstrap, text }]])).toMatch(said);
  });
});

const BOOTSTRAP = 'envoy.config.bootstrap.v3.Bootstrap';

/** Compiles the schema of all that stands in the template. Its rules' own definition is older there than those who use it: one
 *  rule is missing in it. */
function compileSchema(folder: string): void {
  const rules = readFileSync(join(PROTOS, 'protoc-gen-validate/validate/validate.proto'), 'utf8');
  mkdirSync(join(folder, 'rules/validate'), { recursive: true });
  writeFileSync(
    join(folder, 'rules/validate/validate.proto'),
    /message StringRules[^}]*ignore_empty/s.test(rules)
      ? rules
      : rules.replace(/ *optional bool strict = 25 [^;]*;/, '$&\n  optional bool ignore_empty = 26;'),
  );
  const paths = [
    join(PROTOS, 'envoy-api'),
    join(PROTOS, 'xds'),
    join(PROTOS, 'googleapis'),
    join(folder, 'rules'),
  ];
  execFileSync('protoc', [
    ...[...paths, '/usr/include'].map((path) => `-I${path}`),
    '--include_imports',
    `--descriptor_set_out=${join(folder, 'schema')}`,
    ...SCHEMA,
  ]);
}

const SCHEMA = [
  'envoy/config/bootstrap/v3/bootstrap.proto',
  'envoy/service/discovery/v3/discovery.proto',
  'envoy/extensions/transport_sockets/tls/v3/tls.proto',
  'envoy/extensions/transport_sockets/tls/v3/secret.proto',
  'envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager.proto',
  'envoy/extensions/filters/http/router/v3/router.proto',
  'envoy/extensions/filters/http/buffer/v3/buffer.proto',
  'envoy/extensions/filters/http/local_ratelimit/v3/local_rate_limit.proto',
  'envoy/extensions/filters/http/rbac/v3/rbac.proto',
  'envoy/extensions/access_loggers/stream/v3/stream.proto',
  'validate/validate.proto',
  'google/protobuf/descriptor.proto',
];

describe('what is written for Envoy', () => {
  const whole = (wishes: Partial<ConfigRequest> = {}) =>
    written(wishes)
      .map(({ text }) => text)
      .join('');
  const directives = (wishes: Partial<ConfigRequest> = {}) => whole(wishes).replaceAll(/^\s*#.*\n/gm, '');

  it.each(['require', 'optional', 'off'] as const)(
    'takes away each name that an identity could be forged by: %s',
    (clientAuth) => {
      const text = directives({ clientAuth });
      const removed = /request_headers_to_remove:\n((?:\s*(?:-|#).*\n)*)/.exec(text)![1]!;

      const left = FORGED.filter((name) => !removed.includes(`- ${name}\n`));
      expect(left).toEqual(['X-Forwarded-Client-Cert']);
      expect(text).toContain(
        `forward_client_cert_details: ${clientAuth === 'off' ? 'SANITIZE\n' : 'SANITIZE_SET\n'}`,
      );
      expect(text).toContain('headers_with_underscores_action: DROP_HEADER');
      expect(text).not.toMatch(/append_action: (?!OVERWRITE_IF_EXISTS_OR_ADD)/);
    },
  );

  it('keeps no session, knows the CRLs, and asks for a certificate where one is demanded', () => {
    const text = directives();

    expect(text).toContain('disable_stateless_session_resumption: true');
    expect(text).toContain('disable_stateful_session_resumption: true');
    expect(text).toContain('require_client_certificate: true');
    expect(text).toContain('crl: { filename: "/pki/crl-chain.pem" }');
    expect(text).not.toMatch(/only_verify_leaf|ACCEPT_UNTRUSTED|session_ticket_keys/);
    expect(directives({ clientAuth: 'optional' })).toContain('require_client_certificate: false');
    expect(directives({ clientAuth: 'off' })).not.toMatch(/require_client|crl|pki\/ca-chain/);
  });

  it('says SUCCESS only where a certificate was found good', () => {
    const routes = directives({ clientAuth: 'optional' }).split('routes:\n')[1]!.split('- match:');

    expect(routes[1]).toMatch(/tls_context: \{ presented: true, validated: true \}.*value: SUCCESS/s);
    expect(routes[2]).toMatch(/value: NONE/);
    expect(routes[2]).not.toContain('SUCCESS');
  });

  it('names its own files where they will lie', () => {
    expect(whole()).toContain('path: "/etc/envoy/sds-clients.yaml"');
    expect(whole({ standalone: true, runtimeFolder: '/srv/my envoy' })).toContain(
      'path: "/srv/my envoy/sds-clients.yaml"',
    );
  });

  it('listens on no name', () => {
    expect(() => written({ listen: { host: 'localhost', port: 1 } })).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_VALUE' }),
    );
  });
});
