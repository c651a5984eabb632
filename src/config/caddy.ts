import type { Policy } from '../policy/policy.js';
import { parseIpAddress } from '../x509/ip-address.js';
import type { ConfigRequest } from './config-request.js';
import type { ConfigTarget } from './config-target.js';
import { checkPath, checkServerName, hostAndPort, parseUpstream, unfit } from './config-value.js';
import type { TemplateValues } from './fill-template.js';
import { BY_GO } from './findings-by-go.js';
import { DEFAULT_RUNTIME_FOLDER, requestValues } from './request-values.js';

/** Caddy 2.6 and later, as it is built by its makers. It cannot check CRLs. */
export const caddy: ConfigTarget = {
  name: 'caddy',
  title: 'Caddy 2.6 or later',
  includeFile: '/etc/caddy/Caddyfile',
  reloadCommand: 'systemctl reload caddy',
  checksRevocation: false,
  ownFindings: {
    why: 'has the TLS of the Go that it was built with (1.19 for that of Debian), and gives tickets for a week',
    checks: [...BY_GO, 'signs-with-no-sha-1', 'tickets-live-at-most-a-day'],
  },
  passesOn: true,
  passesIdentity: true,
  allowsByName: false,
  tested: "Debian's Caddy 2.6",
  check: { programs: ['caddy'], args: (file) => ['validate', '--adapter', 'caddyfile', '--config', file] },
  run: {
    programs: ['caddy'],
    args: (file) => ['run', '--adapter', 'caddyfile', '--config', file],
    versionArgs: ['version'],
    reloadSignal: null,
  },
  values: caddyValues,
};

function caddyValues(request: ConfigRequest, policy: Policy): TemplateValues {
  const { serverName, listen, upstream, files, runtimeFolder = DEFAULT_RUNTIME_FOLDER } = request;
  const { tls, host, port } = parseUpstream(upstream ?? 'http://127.0.0.1:9000');
  hostAndPort(listen);
  return {
    ...requestValues(request, policy),
    server_name: siteName(checkServerName(serverName), request),
    port: String(listen.port),
    listen_host: listen.host !== '*',
    listen_address: listen.host,
    minimum_version: VERSIONS[policy.protocols[0]!],
    cipher_list: policy.cipherSuites['TLSv1.2']
      .filter(({ name }) => name.startsWith('TLS_ECDHE_'))
      .map(({ name }) => name)
      .join(' '),
    curves: policy.groups.filter((group) => CURVES.includes(group)).join(' '),
    fullchain: quote(files.fullchain),
    privkey: quote(files.privkey),
    ca_chain: quote(files.caChain),
    upstream_url: `${tls ? 'https' : 'http'}://${host}:${port}`,
    storage: quote(`${runtimeFolder}/sslapi-caddy-${listen.port}`),
  };
}

/** A site's name. Caddy finds out by the name in the handshake whom to ask for a certificate, and no client names an
 *  address there. */
function siteName(name: string, { clientAuth }: ConfigRequest): string {
  if (parseIpAddress(name) === null) return name;
  if (clientAuth !== 'off')
    throw unfit('server name', name, 'Caddy asks for certificates by host name: give one by --server.');
  return name.includes(':') ? `[${name}]` : name;
}

/** A path as Caddy reads it back: in backticks, where nothing but a backtick means anything, or else in double quotes. Braces
 *  are variables in either. */
function quote(path: string): string {
  if (/\{.*\}|\{\$/.test(checkPath(path)))
    throw unfit('path', path, 'Caddy takes what is in braces for a variable: use a path without them.');
  if (!path.includes('`')) return `\`${path}\``;
  if (/\\$|\\"/.test(path))
    throw unfit('path', path, 'Caddy has no way to write a backtick and this backslash: use another path.');
  return `"${path.replaceAll('"', '\\"')}"`;
}

const VERSIONS = { 'TLSv1.2': 'tls1.2', 'TLSv1.3': 'tls1.3' } as const;
/** The groups that every Caddy of these versions knows, by the names of policies, which are its own too. */
const CURVES = ['x25519', 'secp256r1', 'secp384r1', 'secp521r1'];
