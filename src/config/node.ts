import type { CipherSuite, Policy } from '../policy/policy.js';
import type { ConfigRequest } from './config-request.js';
import type { ConfigTarget, TargetFile } from './config-target.js';
import { checkClientName, checkPath, checkServerName, hostAndPort, parseUpstream } from './config-value.js';
import type { TemplateValues } from './fill-template.js';
import { requestValues } from './request-values.js';

/** Node's own https, Node 20 and later: a whole program. */
export const node: ConfigTarget = {
  name: 'node',
  title: 'Node 20 or later, https',
  includeFile: 'server.mjs',
  reloadCommand: null,
  checksRevocation: true,
  passesOn: true,
  passesIdentity: true,
  limitsClients: true,
  allowsByName: true,
  tested: 'Node 20',
  files: () => [nodeProgram('node')],
  check: { programs: ['node'], args: (file) => [file, '--check'] },
  run: { programs: ['node'], args: (file) => [file], versionArgs: ['--version'], reloadSignal: null },
  values: nodeValues,
};

/** The program of a framework on Node; what stands before the framework is the same for all.
 *  @param folder its own under `templates/` */
export function nodeProgram(folder: string): TargetFile {
  return {
    name: 'server.mjs',
    template: `${folder}/server.mjs`,
    parts: {
      imports: 'node/imports.mjs',
      settings: 'node/settings.mjs',
      whoami: 'node/whoami.mjs',
      forward: 'node/forward.mjs',
      gate: 'node/gate.mjs',
    },
  };
}

/** What fills the programs for Node. */
export function nodeValues(request: ConfigRequest, policy: Policy): TemplateValues {
  const { serverName, listen, upstream, allow = [], files } = request;
  hostAndPort(listen);
  const passedOn = upstream === undefined ? null : parseUpstream(upstream);
  return {
    ...requestValues(request, policy),
    server_name: checkServerName(serverName),
    listen: listen.host === '*' ? `{ port: ${listen.port} }` : address(listen.host, listen.port),
    minimum_version: policy.protocols[0]!,
    cipher_list: withoutDhe(policy)
      .map(({ opensslName }) => `${quote(opensslName)},`)
      .join('\n'),
    fullchain: quote(checkPath(files.fullchain)),
    privkey: quote(checkPath(files.privkey)),
    ca_chain: quote(checkPath(files.caChain)),
    crl_chain: quote(checkPath(files.crlChain)),
    allowed: `[${allow.map(checkClientName).map(quote).join(', ')}]`,
    upstream_http: passedOn?.tls === false,
    upstream_address: passedOn === null ? '' : address(passedOn.host, passedOn.port),
  };
}

/** The suites of both versions but those with DHE, for which a program would need parameters of its own. */
export function withoutDhe({ cipherSuites }: Policy): readonly CipherSuite[] {
  return [...cipherSuites['TLSv1.3'], ...cipherSuites['TLSv1.2']].filter(
    ({ name }) => !name.startsWith('TLS_DHE_'),
  );
}

function address(host: string, port: number): string {
  return `{ host: ${quote(host.replaceAll(/[[\]]/g, ''))}, port: ${port} }`;
}

/** A string as JavaScript reads it back, and nothing else: in single quotes, on one line. */
function quote(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped}'`;
}
