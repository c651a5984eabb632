import { ORIGIN_FIELDS, TOLD_FIELDS } from '../policy/identity-fields.js';
import type { Policy } from '../policy/policy.js';
import type { ConfigRequest } from './config-request.js';
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
import { DEFAULT_RUNTIME_FOLDER, requestValues } from './request-values.js';
import { unforged } from './unforged.js';
import { exactly, isAlternativeName, wholeSubject } from './whole-subject.js';

/** Apache httpd 2.4.34 and later. */
export const apache: ConfigTarget = {
  name: 'apache',
  title: 'Apache httpd 2.4.34 or later',
  includeFile: '/etc/apache2/sites-available/sslapi.conf',
  reloadCommand: 'apache2ctl graceful',
  checksRevocation: true,
  passesOn: true,
  passesIdentity: true,
  allowsByName: true,
  tested: "Debian's Apache httpd 2.4",
  check: { programs: ['apache2', 'httpd'], args: (file) => ['-t', '-f', file] },
  run: {
    programs: ['apache2', 'httpd'],
    args: (file) => ['-D', 'FOREGROUND', '-f', file],
    versionArgs: ['-v'],
    reloadSignal: 'SIGUSR1',
    logFile: errorLog,
  },
  values: apacheValues,
};

function apacheValues(request: ConfigRequest, policy: Policy): TemplateValues {
  const { serverName, listen, upstream, allow = [], files, runtimeFolder = DEFAULT_RUNTIME_FOLDER } = request;
  const { tls, host, port } = parseUpstream(upstream ?? 'http://127.0.0.1:9000');
  return {
    ...requestValues(request, policy),
    server_name: apacheServerName(checkServerName(serverName)),
    listen: hostAndPort(listen),
    protocols: policy.protocols.map((version) => `+${version}`).join(' '),
    has_allowed: allow.length > 0 && request.clientAuth !== 'off',
    allowed: allow.map((name) => `Require expr "${condition(name)}"`).join('\n'),
    fullchain: quote(files.fullchain),
    privkey: quote(files.privkey),
    ca_chain: quote(files.caChain),
    crl_chain: quote(files.crlChain),
    unforged: unforged([...TOLD_FIELDS, ...ORIGIN_FIELDS])
      .map((field) => `RequestHeader unset ${field}`)
      .join('\n'),
    upstream_url: `${tls ? 'https' : 'http'}://${host}:${port}`,
    runtime_folder: quote(runtimeFolder),
    pid: quote(`${runtimeFolder}/sslapi-apache-${listen.port}.pid`),
    error_log: quote(errorLog(request)),
  };
}

/** It can log to a file alone. */
function errorLog({ runtimeFolder = DEFAULT_RUNTIME_FOLDER, listen }: ConfigRequest): string {
  return `${runtimeFolder}/sslapi-apache-${listen.port}-error.log`;
}

/** ServerName takes neither a wildcard nor an IPv6 address. */
function apacheServerName(name: string): string {
  if (/[*:]/.test(name)) {
    throw unfit('server name', name, 'Apache wants one host name or IPv4 address here: give it by --server.');
  }
  return name;
}

/** That it is this client: by its whole subject, or by one of the first names of its subjectAltName, as many as Apache is asked
 *  for. In a regular expression nothing is left that could end a string or begin a variable. */
function condition(client: string): string {
  const [, type, value] = /^(DNS|email):(.+)$/s.exec(checkClientName(client)) ?? [];
  if (type === undefined && isAlternativeName(client))
    throw unfit('client', client, 'Apache knows clients by CN=alice,O=Acme, DNS:… or email:…');
  const is = (variable: string, text: string) => `%{${variable}} =~ m#${exactly(text)}#`;
  if (value === undefined) return is('SSL_CLIENT_S_DN', wholeSubject(client, 'Apache').text);
  const variable = type === 'DNS' ? 'SSL_CLIENT_SAN_DNS' : 'SSL_CLIENT_SAN_Email';
  return Array.from({ length: NAMES_ASKED }, (_, at) => is(`${variable}_${at}`, value)).join(' || ');
}

/** A path as Apache reads it back: in double quotes, with backslashes before a quote and a backslash. */
function quote(path: string): string {
  if (checkPath(path).includes('${')) {
    throw unfit(
      'path',
      path,
      'Apache takes a dollar sign with a brace for a variable: use a path without it.',
    );
  }
  return `"${path.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** It has a variable for each name, and no way to ask for all of them. */
const NAMES_ASKED = 8;
