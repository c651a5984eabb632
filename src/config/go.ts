import type { Policy } from '../policy/policy.js';
import type { ConfigRequest } from './config-request.js';
import type { ConfigTarget } from './config-target.js';
import { checkClientName, checkPath, checkServerName, hostAndPort, parseUpstream } from './config-value.js';
import type { TemplateValues } from './fill-template.js';
import { BY_GO } from './findings-by-go.js';
import { withoutDhe } from './node.js';
import { requestValues } from './request-values.js';

/** Go's net/http, Go 1.19 and later, the standard library alone: a whole program. */
export const go: ConfigTarget = {
  name: 'go',
  title: 'Go 1.19 or later, net/http',
  includeFile: 'main.go',
  reloadCommand: null,
  checksRevocation: true,
  ownFindings: { why: 'has the TLS of its version of Go', checks: BY_GO },
  passesOn: true,
  passesIdentity: true,
  limitsClients: true,
  allowsByName: true,
  tested: "Debian's Go 1.19",
  files: () => [{ name: 'main.go', template: 'go/main.go', parts: { forward: 'go/forward.go' } }],
  check: { programs: ['go'], args: (file) => ['run', file, '-check'] },
  run: { programs: ['go'], args: (file) => ['run', file], versionArgs: ['version'], reloadSignal: null },
  values: goValues,
};

function goValues(request: ConfigRequest, policy: Policy): TemplateValues {
  const { serverName, listen, upstream, allow = [], clientAuth, files } = request;
  const { tls, host, port } = parseUpstream(upstream ?? 'http://127.0.0.1:9000');
  const asksClients = clientAuth !== 'off';
  const passesOn = upstream !== undefined;
  return {
    ...requestValues(request, policy),
    server_name: checkServerName(serverName),
    listen: quote(hostAndPort(listen).replace(/^\*/, '')),
    minimum_version: `tls.${VERSIONS[policy.protocols[0]!]}`,
    cipher_list: withoutDhe(policy)
      .filter(({ name }) => name.startsWith('TLS_ECDHE_'))
      .map(({ name }) => `tls.${name},`)
      .join('\n'),
    groups: list(goGroups(policy).map((group) => `tls.${group}`)),
    fullchain: quote(checkPath(files.fullchain)),
    privkey: quote(checkPath(files.privkey)),
    ca_chain: quote(checkPath(files.caChain)),
    crl_chain: quote(checkPath(files.crlChain)),
    allowed: list(allow.map(checkClientName).map(quote)),
    upstream_url: quote(`${tls ? 'https' : 'http'}://${host}:${port}`),
    // Go takes no import that is not used.
    reads_cas: asksClients || (passesOn && tls),
    names_client: asksClients && passesOn,
    uses_errors: asksClients || passesOn,
  };
}

/** The groups of a policy as Go calls them; what it does not know is left out. */
export function goGroups({ groups }: Policy): string[] {
  return groups.flatMap((group) => GROUPS[group] ?? []);
}

function list(items: readonly string[]): string {
  return `{${items.join(', ')}}`;
}

/** A string as Go reads it back: JSON's is one of its own, unless half a surrogate pair stands in it. */
function quote(text: string): string {
  return JSON.stringify(text.replaceAll(/\p{Surrogate}/gu, '\ufffd'));
}

const VERSIONS = { 'TLSv1.2': 'VersionTLS12', 'TLSv1.3': 'VersionTLS13' } as const;
const GROUPS: Readonly<Record<string, string>> = {
  x25519: 'X25519',
  secp256r1: 'CurveP256',
  secp384r1: 'CurveP384',
  secp521r1: 'CurveP521',
};
