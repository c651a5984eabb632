import type { Policy } from '../policy/policy.js';
import type { ConfigRequest, ListenAddress } from './config-request.js';
import type { ConfigTarget } from './config-target.js';
import {
  checkClientName,
  checkPath,
  checkServerName,
  hostAndPort,
  parseUpstream,
  unfit,
} from './config-value.js';
import type { TemplateValues } from './fill-template.js';
import { requestValues, uniqueWord } from './request-values.js';

/** stunnel 5.60 and later, in front of whatever speaks TCP. */
export const stunnel: ConfigTarget = {
  name: 'stunnel',
  title: 'stunnel 5.60 or later',
  includeFile: '/etc/stunnel/conf.d/sslapi.conf',
  reloadCommand: "systemctl kill -s HUP 'stunnel@*'",
  checksRevocation: true,
  checksIssuers: false, // it sets X509_V_FLAG_CRL_CHECK, and not X509_V_FLAG_CRL_CHECK_ALL
  passesOn: true,
  upstreamSchemes: ['tcp', 'http'],
  allowsByName: true,
  tested: "Debian's stunnel 5.68",
  // It has no check: it is started, and stopped once it has taken all of it.
  check: { programs: ['stunnel', 'stunnel4'], args: (file) => [file], content: /Configuration successful/ },
  run: {
    programs: ['stunnel', 'stunnel4'],
    args: (file) => [file],
    versionArgs: ['-version'],
    reloadSignal: 'SIGHUP',
  },
  values: stunnelValues,
};

function stunnelValues(request: ConfigRequest, policy: Policy): TemplateValues {
  const { serverName, listen, upstream, allow = [], files } = request;
  const { host, port } = parseUpstream(upstream ?? 'tcp://127.0.0.1:9000');
  return {
    ...requestValues(request, policy),
    server_name: checkServerName(serverName),
    name: `sslapi_${uniqueWord(request)}`,
    listen: accept(listen),
    upstream_address: `${host.replaceAll(/[[\]]/g, '')}:${port}`,
    minimum_version: policy.protocols[0]!,
    fullchain: plain(files.fullchain),
    privkey: plain(files.privkey),
    ca_chain: plain(files.caChain),
    crl_chain: plain(files.crlChain),
    has_allowed: allow.length > 0,
    allowed: allow.map(nameCheck).join('\n'),
  };
}

/** IPv6 addresses have no brackets here. */
function accept(listen: ListenAddress): string {
  return hostAndPort(listen).replace(/^\*/, '0.0.0.0').replaceAll(/[[\]]/g, '');
}

/** A path as stunnel reads it: all of the line as it is, but for white space at its ends. */
function plain(path: string): string {
  if (checkPath(path) !== path.trim())
    throw unfit('path', path, 'stunnel drops white space at its end: use a path without it.');
  return path;
}

/** A client that may come in; stunnel compares names of the subjectAltName, and neither URIs nor whole subjects. */
function nameCheck(name: string): string {
  const [, type, value] = /^(DNS|email|IP):(\S+)$/.exec(checkClientName(name)) ?? [];
  if (type === undefined || value === undefined)
    throw unfit('client', name, 'stunnel knows clients by DNS:…, email:… or IP:… of their subjectAltName.');
  return `${OPTIONS[type as keyof typeof OPTIONS]} = ${value}`;
}

const OPTIONS = { DNS: 'checkHost', email: 'checkEmail', IP: 'checkIP' } as const;
