import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { ConfigRequest } from '../../src/config/config-request.js';
import { renderConfig, renderFiles } from '../../src/config/render.js';
import { CONFIG_LEVELS } from '../../src/policy/policies.js';
import { peer } from '../peers/peer.js';
import { FORGED } from './forged-headers.js';

const request = (wishes: Partial<ConfigRequest> = {}): ConfigRequest => ({
  target: 'traefik',
  level: 'intermediate',
  clientAuth: 'require',
  serverName: 'api.test',
  listen: { host: '127.0.0.1', port: 8443 },
  files: {
    fullchain: `/pki/my "x" 'ünï' \\ ; { # % & $x/fullchain.pem`,
    privkey: '/pki/privkey.pem',
    caChain: '/pki/ca-chain.crt',
    crlChain: '/pki/crl-chain.pem',
  },
  standalone: false,
  ...wishes,
});

/** Reads YAML, and takes no key twice. */
const READER = `
import json, sys, yaml
class Strict(yaml.SafeLoader):
    pass
def mapping(loader, node):
    keys = [loader.construct_object(key) for key, _ in node.value]
    twice = [key for key in keys if keys.count(key) > 1]
    if twice:
        raise ValueError(f"{twice} twice")
    return {loader.construct_object(key): loader.construct_object(value, deep=True) for key, value in node.value}
Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
print(json.dumps([yaml.load(text, Strict) for text in json.load(sys.stdin)]))
`;

// biome-ignore lint/suspicious/noExplicitAny: it is a configuration, read to be looked at
type Yaml = any;

/** The files as their readers see them. */
function read(wishes: Partial<ConfigRequest> = {}): Yaml[] {
  const input = JSON.stringify(renderFiles(request(wishes)).map(({ text }) => text));
  const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', READER], { input, encoding: 'utf8' });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout) as Yaml[];
}

describe.runIf(peer('/usr/lib/python3/dist-packages/yaml/__init__.py'))('what is written for Traefik', () => {
  const NAME = 'sslapi_api_test_8443';

  it('is YAML, whatever is asked for', () => {
    for (const level of CONFIG_LEVELS)
      for (const clientAuth of ['require', 'optional', 'off'] as const)
        for (const upstream of [undefined, 'http://[::1]:9000', 'https://app.test'])
          for (const standalone of [true, false])
            expect(read({ level, clientAuth, upstream, standalone }).at(-1).http.routers[NAME]).toBeDefined();
  });

  it('asks for the certificates that it shall ask for', () => {
    const [{ tls, http }] = read();

    expect(tls.options[NAME]).toEqual({
      minVersion: 'VersionTLS12',
      cipherSuites: expect.arrayContaining(['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256']),
      curvePreferences: ['X25519', 'CurveP256', 'CurveP384'],
      clientAuth: { caFiles: ['/pki/ca-chain.crt'], clientAuthType: 'RequireAndVerifyClientCert' },
    });
    expect(tls.certificates[0].certFile).toBe(request().files.fullchain);
    expect(http.routers[NAME]).toMatchObject({ tls: { options: NAME }, rule: 'Host(`api.test`)' });
    expect(read({ clientAuth: 'optional' })[0].tls.options[NAME].clientAuth.clientAuthType).toBe(
      'VerifyClientCertIfGiven',
    );
    expect(read({ clientAuth: 'off' })[0].tls.options[NAME]).not.toHaveProperty('clientAuth');
    expect(read({ level: 'modern' })[0].tls.options[NAME]).toMatchObject({ minVersion: 'VersionTLS13' });
  });

  it('lets nobody around the options in a whole configuration, whatever name is asked for', () => {
    const [whole, dynamic] = read({ standalone: true, runtimeFolder: '/srv/x' });

    expect(Object.keys(dynamic.tls.options)).toEqual(['default']);
    expect(dynamic.http.routers[NAME].tls.options).toBe('default');
    expect(whole.providers.file.filename).toBe('/srv/x/dynamic.yaml');
    expect(Object.keys(whole.entryPoints)).toEqual(dynamic.http.routers[NAME].entryPoints);
    expect(whole.entryPoints.sslapi.address).toBe('127.0.0.1:8443');
    expect(read({ standalone: true, listen: { host: '*', port: 443 } })[0].entryPoints.sslapi.address).toBe(
      ':443',
    );
  });

  it.each(['require', 'optional', 'off'] as const)(
    'takes away what a client says of itself before it says what is true: %s',
    (clientAuth) => {
      const [{ http }] = read({ clientAuth, upstream: 'http://127.0.0.1:9000' });
      const { customRequestHeaders } = http.middlewares[`${NAME}-unforged`].headers;

      // Those are the entry point's: it believes nobody's.
      const own = ['X-Forwarded-For', 'X-Real-IP'];
      const expected = [
        ...FORGED.filter((name) => !own.includes(name)),
        ...FORGED.map((name) => name.replaceAll('-', '_')),
      ];
      const isSet = clientAuth === 'require' ? { 'X-SSL-Client-Verify': 'SUCCESS' } : {};
      expect(customRequestHeaders).toEqual({
        ...Object.fromEntries(expected.map((name) => [name, ''])),
        ...isSet,
      });
      const order = http.routers[NAME].middlewares.map((name: string) => name.replace(`${NAME}-`, ''));
      expect(order).toEqual(
        clientAuth === 'off' ? ['unforged', 'rate', 'body'] : ['unforged', 'identity', 'rate', 'body'],
      );
    },
  );

  it('says that it cannot check CRLs, and what to do instead', () => {
    expect(renderConfig(request())).toMatch(/TRAEFIK CANNOT CHECK CRLs.*--days 7.*renew --due/s);
    expect(renderConfig(request({ clientAuth: 'off' }))).not.toMatch(/CRL/);
  });

  it.each([
    { serverName: '*.api.test' },
    { serverName: '127.0.0.1' },
    { files: { ...request().files, caChain: '/pki/{{x' } },
  ])('refuses what it would read as something else: %j', (wishes) =>
    expect(() => renderConfig(request(wishes))).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_VALUE' }),
    ),
  );
});
