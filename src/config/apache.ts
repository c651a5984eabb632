import type { Policy } from '../policy/policy.js';
import type { ConfigRequest } from './config-request.js';
import type { ConfigTarget } from './config-target.js';
import { checkPath, checkServerName, hostAndPort, parseUpstream, unfit } from './config-value.js';
import type { TemplateValues } from './fill-template.js';
import { DEFAULT_RUNTIME_FOLDER, requestValues } from './request-values.js';

/** Apache httpd 2.4.34 and later. */
export const apache: ConfigTarget = {
  name: 'apache',
  title: 'Apache httpd 2.4.34 or later',
  includeFile: '/etc/apache2/sites-available/sslapi.conf',
  reloadCommand: 'apache2ctl graceful',
  checksRevocation: true,
  passesOn: true,
  passesIdentity: true,
  allowsByName: false,
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
  const { serverName, listen, upstream, files, runtimeFolder = DEFAULT_RUNTIME_FOLDER } = request;
  const { tls, host, port } = parseUpstream(upstream ?? 'http://127.0.0.1:9000');
  return {
    ...requestValues(request, policy),
    server_name: apacheServerName(checkServerName(serverName)),
    listen: hostAndPort(listen),
    protocols: policy.protocols.map((version) => `+${version}`).join(' '),
    fullchain: quote(files.fullchain),
    privkey: quote(files.privkey),
    ca_chain: quote(files.caChain),
    crl_chain: quote(files.crlChain),
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
