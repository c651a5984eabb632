import type { Policy } from '../policy/policy.js';
import type { ConfigRequest } from './config-request.js';
import type { ConfigTarget } from './config-target.js';
import { checkPath, checkServerName, hostAndPort, parseUpstream } from './config-value.js';
import type { TemplateValues } from './fill-template.js';
import { requestValues, uniqueWord } from './request-values.js';
import { wholeSubject } from './whole-subject.js';

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
  allowsByName: true,
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
  const { serverName, listen, upstream, allow = [], files } = request;
  const { host, port } = parseUpstream(upstream ?? 'http://127.0.0.1:9000');
  return {
    ...requestValues(request, policy),
    server_name: checkServerName(serverName),
    name: `sslapi_${uniqueWord(request)}`,
    listen: hostAndPort(listen),
    minimum_version: policy.protocols[0]!,
    has_allowed: allow.length > 0 && request.clientAuth !== 'off',
    allowed: allow
      .map((name) => inQuotes(wholeSubject(name, 'HAProxy').ascii))
      .map((name) => `acl is_allowed ssl_c_s_dn(,0,rfc2253) -m str -- ${name}`)
      .join('\n'),
    fullchain: quote(files.fullchain),
    ca_chain: quote(files.caChain),
    crl_chain: quote(files.crlChain),
    upstream_address: `${host}:${port}`,
    upstream_host: host.replaceAll(/[[\]]/g, ''),
  };
}

function quote(path: string): string {
  return inQuotes(checkPath(path));
}

/** A word as HAProxy reads it back: in double quotes, with backslashes before what means something there. */
function inQuotes(word: string): string {
  return `"${word.replaceAll(/["\\$]/g, '\\$&')}"`;
}
