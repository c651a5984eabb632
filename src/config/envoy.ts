import { dirname } from 'node:path';
import { ORIGIN_FIELDS } from '../policy/identity-fields.js';
import type { Policy } from '../policy/policy.js';
import { parseIpAddress } from '../x509/ip-address.js';
import type { ConfigRequest } from './config-request.js';
import type { ConfigTarget, TargetFile } from './config-target.js';
import { checkPath, checkServerName, hostAndPort, parseUpstream, unfit } from './config-value.js';
import type { TemplateValues } from './fill-template.js';
import { DEFAULT_RUNTIME_FOLDER, requestValues, uniqueWord } from './request-values.js';
import { unforged } from './unforged.js';
import { yamlString } from './yaml-string.js';

/** Where the files are looked for, unless the configuration is standalone. */
const ENVOY_FOLDER = '/etc/envoy';

/** Envoy 1.30 and later, by static configuration; its certificates and CRLs by files that it watches (SDS). */
export const envoy: ConfigTarget = {
  name: 'envoy',
  title: 'Envoy 1.30 or later',
  includeFile: `${ENVOY_FOLDER}/`,
  reloadCommand: null,
  checksRevocation: true,
  passesOn: true,
  passesIdentity: true,
  allowsByName: false,
  tested: 'its own protobuf schema alone',
  files: ({ clientAuth }) => (clientAuth === 'off' ? [BOOTSTRAP, SERVER] : [BOOTSTRAP, SERVER, CLIENTS]),
  check: { programs: ['envoy'], args: (file) => ['--mode', 'validate', '-c', file] },
  values: envoyValues,
};

function envoyValues(request: ConfigRequest, policy: Policy): TemplateValues {
  const { serverName, listen, upstream, files, standalone, runtimeFolder = DEFAULT_RUNTIME_FOLDER } = request;
  const { host, port } = parseUpstream(upstream ?? 'http://127.0.0.1:9000');
  const upstreamHost = host.replaceAll(/[[\]]/g, '');
  const isNamed = parseIpAddress(upstreamHost) === null;
  const folder = standalone ? runtimeFolder : ENVOY_FOLDER;
  return {
    ...requestValues(request, policy),
    server_name: checkServerName(serverName),
    name: `sslapi_${uniqueWord(request)}`,
    folder: checkPath(folder),
    listen_address: address(request),
    listen_all: listen.host === '*',
    port: String(listen.port),
    minimum_version: VERSIONS[policy.protocols[0]!],
    cipher_list: policy.cipherSuites['TLSv1.2']
      .filter(({ name }) => name.startsWith('TLS_ECDHE_'))
      .map(({ opensslName }) => `- ${opensslName}`)
      .join('\n'),
    curves: `[${policy.groups.flatMap((group) => CURVES[group] ?? []).join(', ')}]`,
    unforged: unforged(['X-Forwarded-Client-Cert', ...ORIGIN_FIELDS]) // Envoy's own, it is told what to make of it
      .map((field) => `- ${field}`)
      .join('\n'),
    sds_server: path(`${folder}/${SERVER.name}`),
    sds_clients: path(`${folder}/${CLIENTS.name}`),
    fullchain: path(files.fullchain),
    privkey: path(files.privkey),
    server_folder: path(dirname(files.fullchain)),
    ca_chain: path(files.caChain),
    crl_chain: path(files.crlChain),
    pki_folder: path(dirname(files.crlChain)),
    upstream_host: upstreamHost.includes(':') ? yamlString(upstreamHost) : upstreamHost,
    upstream_port: String(port),
    upstream_named: isNamed,
    upstream_san_type: isNamed ? 'DNS' : 'IP_ADDRESS',
  };
}

/** Envoy listens on addresses, not on names. */
function address({ listen }: ConfigRequest): string {
  hostAndPort(listen);
  if (listen.host !== '*' && parseIpAddress(listen.host) === null)
    throw unfit('address to listen on', listen.host, 'Envoy wants an IP address there: give it by --listen.');
  return listen.host === '*' ? '"::"' : yamlString(listen.host);
}

function path(text: string): string {
  return yamlString(checkPath(text));
}

const BOOTSTRAP: TargetFile = { name: 'envoy.yaml', template: 'envoy/envoy.yaml' };
const SERVER: TargetFile = { name: 'sds-server.yaml', template: 'envoy/sds-server.yaml' };
const CLIENTS: TargetFile = { name: 'sds-clients.yaml', template: 'envoy/sds-clients.yaml' };
const VERSIONS = { 'TLSv1.2': 'TLSv1_2', 'TLSv1.3': 'TLSv1_3' } as const;
/** BoringSSL's names of groups; what it does not know is left out. */
const CURVES: Readonly<Record<string, string>> = {
  X25519MLKEM768: 'X25519MLKEM768',
  x25519: 'X25519',
  secp256r1: 'P-256',
  secp384r1: 'P-384',
};
