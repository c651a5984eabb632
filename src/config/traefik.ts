import { IDENTITY_FIELDS } from '../policy/identity-fields.js';
import type { Policy } from '../policy/policy.js';
import { parseIpAddress } from '../x509/ip-address.js';
import type { ConfigRequest } from './config-request.js';
import type { ConfigTarget, TargetFile } from './config-target.js';
import { checkPath, checkServerName, hostAndPort, parseUpstream, unfit } from './config-value.js';
import type { TemplateValues } from './fill-template.js';
import { goGroups } from './go.js';
import { DEFAULT_RUNTIME_FOLDER, requestValues, uniqueWord } from './request-values.js';
import { unforged } from './unforged.js';
import { yamlString } from './yaml-string.js';

/** Traefik 3.2 and later, by its file provider. It cannot check CRLs. */
export const traefik: ConfigTarget = {
  name: 'traefik',
  title: 'Traefik 3.2 or later',
  includeFile: '/etc/traefik/dynamic/sslapi.yaml',
  reloadCommand: 'touch /etc/traefik/dynamic/sslapi.yaml',
  checksRevocation: false,
  passesOn: true,
  passesIdentity: true,
  limitsClients: true,
  allowsByName: false,
  tested: null,
  files: ({ standalone }) =>
    standalone ? [STATIC, DYNAMIC] : [{ name: 'sslapi.yaml', template: DYNAMIC.template }],
  check: null,
  values: traefikValues,
};

function traefikValues(request: ConfigRequest, policy: Policy): TemplateValues {
  const { serverName, listen, upstream, files, standalone, runtimeFolder = DEFAULT_RUNTIME_FOLDER } = request;
  const { tls, host, port } = parseUpstream(upstream ?? 'http://127.0.0.1:9000');
  const name = `sslapi_${uniqueWord(request)}`;
  const address = hostAndPort(listen);
  return {
    ...requestValues(request, policy),
    server_name: siteName(checkServerName(serverName), request),
    name,
    options: standalone ? 'default' : name,
    entry_point: standalone ? 'sslapi' : 'websecure',
    listen: yamlString(address.replace(/^\*/, '')),
    listen_text: address,
    dynamic: path(`${runtimeFolder}/${DYNAMIC.name}`),
    unforged: UNFORGED.filter((header) => request.clientAuth !== 'require' || header !== VERIFIED)
      .map((header) => `${header}: ""`)
      .join('\n'),
    minimum_version: VERSIONS[policy.protocols[0]!],
    cipher_list: policy.cipherSuites['TLSv1.2']
      .filter(({ name: suite }) => suite.startsWith('TLS_ECDHE_'))
      .map(({ name: suite }) => `- ${suite}`)
      .join('\n'),
    curves: goGroups(policy)
      .map((group) => `- ${group}`)
      .join('\n'),
    fullchain: path(files.fullchain),
    privkey: path(files.privkey),
    ca_chain: path(files.caChain),
    upstream_url: `${tls ? 'https' : 'http'}://${host}:${port}`,
    upstream_host: yamlString(host.replaceAll(/[[\]]/g, '')),
  };
}

/** Traefik finds its TLS options by the host name of a rule and of the handshake: a wildcard or an address has none. */
function siteName(name: string, { clientAuth, standalone }: ConfigRequest): string {
  if (standalone || clientAuth === 'off') return name;
  if (name.startsWith('*') || parseIpAddress(name) !== null)
    throw unfit(
      'server name',
      name,
      'Traefik asks for certificates by one host name: give one by --server, or write a whole configuration (--standalone).',
    );
  return name;
}

/** A path in a file that Traefik reads as a template first. */
function path(text: string): string {
  if (checkPath(text).includes('{{'))
    throw unfit('path', text, 'Traefik takes two braces for a template: use a path without them.');
  return yamlString(text);
}

/** Fields of identity that a client may have sent, but for those that Traefik writes itself; each with underscores too, of which
 *  one word has none. */
const UNFORGED = [
  ...new Set([
    ...unforged(['X-Forwarded-For', 'X-Real-IP']),
    ...IDENTITY_FIELDS.map((field) => field.replaceAll('-', '_')),
  ]),
];
const VERIFIED = 'X-SSL-Client-Verify';
const STATIC: TargetFile = { name: 'traefik.yaml', template: 'traefik/traefik.yaml' };
const DYNAMIC: TargetFile = { name: 'dynamic.yaml', template: 'traefik/dynamic.yaml' };
const VERSIONS = { 'TLSv1.2': 'VersionTLS12', 'TLSv1.3': 'VersionTLS13' } as const;
