import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConfigRequest } from '../../src/config/config-request.js';
import { renderFiles } from '../../src/config/render.js';
import { peer } from '../peers/peer.js';
import { ADMIN_PATHS, makeNamedClients } from './program-claims.js';
import { proveThemselves } from './program-proof.js';
import { ask, type Program, type RunningProgram, startProgram } from './programs.js';

const LIBRARIES = ['tomcat10-embed-core', 'jakarta-annotation-api'].map(
  (name) => `/usr/share/java/${name}.jar`,
);
const SOURCES = new URL('spring-boot/', import.meta.url).pathname;

/** The filter in the Tomcat that Spring Boot has inside, told what Spring would tell it of application.yml. */
const program: Program = {
  target: 'spring-boot',
  needs: ['javac', 'java', 'python3', ...LIBRARIES],
  isLazy: true,
  build: (folder) => {
    const at = (name: string) => join(folder, name);
    const sources = readdirSync(SOURCES).map((name) => join(SOURCES, name));
    const ours = ['ClientCertificateFilter.java', 'ClientCertificates.java'].map(at);
    const classPath = LIBRARIES.join(':');
    const quickly = ['-J-XX:TieredStopAtLevel=1', '-J-XX:+UseSerialGC', '-proc:none'];
    execFileSync('javac', [
      ...quickly,
      '-Xlint:all',
      '-Werror',
      '-d',
      folder,
      '-cp',
      classPath,
      ...ours,
      ...sources,
    ]);
    const text = readFileSync(at('application.yml'), 'utf8');
    const read = readYaml(text);
    const of = (name: string) => String(read[name]);
    const bundle = 'spring.ssl.bundle.pem.sslapi';
    return [
      'java',
      ...(text.match(/-Djdk\.\S+/g) ?? []), // what its comment says
      ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', `${folder}:${classPath}`, 'Application'],
      of('server.port'),
      of(`${bundle}.keystore.certificate`),
      of(`${bundle}.keystore.private-key`),
      of(`${bundle}.truststore.certificate`),
      of('server.ssl.client-auth') === 'need' ? 'required' : 'optional',
      (read[`${bundle}.options.enabled-protocols`] as string[]).join('+'),
      (read[`${bundle}.options.ciphers`] as string[]).join(','),
      folder,
    ];
  },
};

proveThemselves([program], ['offers-post-quantum-key-exchange', 'tolerates-unknown-versions']);

describe.runIf(program.needs.every(peer))('the filter for Spring', () => {
  let named: Awaited<ReturnType<typeof makeNamedClients>>;
  let running: RunningProgram;
  beforeAll(async () => {
    named = await makeNamedClients();
    running = await startProgram(program, named.pki.served.folder, {
      files: named.pki.served.files,
      clientAuth: 'optional',
      allow: ['CN=alice', 'URI:spiffe://acme/billing'],
    });
  });
  afterAll(async () => {
    await running?.stop();
    await named?.pki.close();
  });

  it('holds clients to a list of names, and never takes a part for the whole', async () => {
    const answers = await Promise.all(
      named.clients.map(async ({ name, caller }) => [name, (await ask(running.port, caller)).status]),
    );

    expect(Object.fromEntries(answers)).toEqual({
      alice: 200,
      billing: 200,
      'alice,O=Evil': 403,
      'alice\nx': 403,
      'CN=alice': 403,
      'URI:spiffe://acme/billing': 403,
      other: 403,
    });
  });

  it('names the client to the application, and nobody where there is none', async () => {
    const [alice] = named.clients;

    expect((await ask(running.port, alice!.caller)).body).toBe('client: CN=alice\n');
    expect((await ask(running.port, { ca: alice!.caller.ca })).body).toBe('client: null\n');
  });

  it('shows what is for admins to nobody who is not named for it, however the path is written', async () => {
    const answers = await Promise.all(
      ['/x', ...ADMIN_PATHS].map(async (path) => [
        path,
        (await ask(running.port, named.clients[0]!.caller, { path })).status,
      ]),
    );

    expect(answers.filter(([, status]) => status === 200)).toEqual([['/x', 200]]);
  });
});

describe.runIf(peer('python3'))('application.yml', () => {
  const all = (['modern', 'intermediate'] as const).flatMap((level) =>
    (['require', 'optional', 'off'] as const).map((clientAuth) => propertiesOf({ level, clientAuth })),
  );

  it('has properties alone that Spring Boot documents', () => {
    for (const read of all) expect(DOCUMENTED).toEqual(expect.arrayContaining(Object.keys(read)));
  });

  it.each(['/my "pki"/\'ünï\' \\ ; { # % &: \u2028', '/- a', '/😀'])(
    'names the path %j as it is',
    (folder) => {
      const read = propertiesOf({
        files: {
          fullchain: `${folder}/f`,
          privkey: `${folder}/k`,
          caChain: `${folder}/c`,
          crlChain: `${folder}/r`,
        },
      });

      expect(read['spring.ssl.bundle.pem.sslapi.keystore.certificate']).toBe(`${folder}/f`);
      expect(read['spring.ssl.bundle.pem.sslapi.truststore.certificate']).toBe(`${folder}/c`);
    },
  );

  it('takes no path that Spring would read as a placeholder', () => {
    const files = { fullchain: ['/$', '{HOME}/f'].join(''), privkey: '/k', caChain: '/c', crlChain: '/r' };

    expect(() => propertiesOf({ files })).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_VALUE' }));
  });
});

function propertiesOf(wishes: Partial<ConfigRequest>): Record<string, unknown> {
  const [properties] = renderFiles({
    target: 'spring-boot',
    level: 'modern',
    clientAuth: 'require',
    serverName: 'localhost',
    listen: { host: '127.0.0.1', port: 8443 },
    files: { fullchain: '/f', privkey: '/k', caChain: '/c', crlChain: '/r' },
    standalone: false,
    ...wishes,
  });
  return readYaml(properties.text);
}

/** Properties by their whole names, as a YAML parser reads them. */
function readYaml(text: string): Record<string, unknown> {
  const script = 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)';
  const read = execFileSync('python3', ['-c', script], { input: text, encoding: 'utf8' });
  return Object.fromEntries(flattened(JSON.parse(read), ''));
}

function flattened(value: unknown, name: string): Array<[string, unknown]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[name, value]];
  return Object.entries(value).flatMap(([key, one]) => flattened(one, name === '' ? key : `${name}.${key}`));
}

/** Of Spring Boot's "Common Application Properties", 3.2 and later; the name of the bundle is ours. */
const DOCUMENTED = [
  'spring.ssl.bundle.pem.sslapi.reload-on-update',
  'spring.ssl.bundle.pem.sslapi.keystore.certificate',
  'spring.ssl.bundle.pem.sslapi.keystore.private-key',
  'spring.ssl.bundle.pem.sslapi.truststore.certificate',
  'spring.ssl.bundle.pem.sslapi.options.enabled-protocols',
  'spring.ssl.bundle.pem.sslapi.options.ciphers',
  'spring.lifecycle.timeout-per-shutdown-phase',
  'server.address',
  'server.port',
  'server.shutdown',
  'server.ssl.bundle',
  'server.ssl.client-auth',
  'server.forward-headers-strategy',
  'server.max-http-request-header-size',
  'server.tomcat.connection-timeout',
  'server.tomcat.keep-alive-timeout',
  'server.tomcat.max-connections',
  'server.tomcat.max-keep-alive-requests',
  'server.tomcat.max-http-form-post-size',
  'server.tomcat.max-swallow-size',
];
