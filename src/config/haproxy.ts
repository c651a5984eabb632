import type { Policy } from '../policy/policy.js';
import type { ConfigRequest } from './config-request.js';
import type { ConfigTarget } from './config-target.js';
import { checkPath, checkServerName, hostAndPort, parseUpstream } from './config-value.js';
import type { TemplateValues } from './fill-template.js';
import { requestValues, uniqueWord } from './request-values.js';

/** HAProxy 2.5 and later. It takes the private key from `fullchain.pem.key`, which lies beside the certificate. */
export const haproxy: ConfigTarget = {
  name: 'haproxy',
  title: 'HAProxy 2.5 or later',
  includeFile: '/etc/haproxy/haproxy.cfg',
  reloadCommand: 'systemctl reload haproxy',
  checksRevocation: true,
  passesOn: true,
  passesIdentity: true,
  limitsClients: true,
  allowsByName: false,
  tested: "Debian's HAProxy 2.6",
  check: { programs: ['haproxy'], args: (file) => ['-c', '-f', file] },
  run: {
    programs: ['haproxy'],
    args: (file) => ['-W', '-f', file],
    versionArgs: ['-v'],
    reloadSignal: 'SIGUSR2',
  },
  values: haproxyValues,
};

function haproxyValues(request: ConfigRequest, policy: Policy): TemplateValues {
  const { serverName, listen, upstream, files } = request;
  const { host, port } = parseUpstream(upstream ?? 'http://127.0.0.1:9000');
  return {
    ...requestValues(request, policy),
    server_name: checkServerName(serverName),
    name: `sslapi_${uniqueWord(request)}`,
    listen: hostAndPort(listen),
    minimum_version: policy.protocols[0]!,
    fullchain: quote(files.fullchain),
    ca_chain: quote(files.caChain),
    crl_chain: quote(files.crlChain),
    upstream_address: `${host}:${port}`,
    upstream_host: host.replaceAll(/[[\]]/g, ''),
  };
}

/** A path as HAProxy reads it back: in double quotes, with backslashes before what means something there. */
function quote(path: string): string {
  return `"${checkPath(path).replaceAll(/["\\$]/g, '\\$&')}"`;
}
