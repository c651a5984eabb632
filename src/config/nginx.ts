import { ORIGIN_FIELDS, TOLD_FIELDS } from '../policy/identity-fields.js';
import type { Policy } from '../policy/policy.js';
import type { ConfigRequest } from './config-request.js';
import type { ConfigTarget } from './config-target.js';
import { checkPath, checkServerName, hostAndPort, parseUpstream, unfit } from './config-value.js';
import type { TemplateValues } from './fill-template.js';
import { DEFAULT_RUNTIME_FOLDER, requestValues, uniqueWord } from './request-values.js';
import { unforged } from './unforged.js';
import { exactly, wholeSubject } from './whole-subject.js';

/** nginx 1.18 and later. */
export const nginx: ConfigTarget = {
  name: 'nginx',
  title: 'nginx 1.18 or later',
  includeFile: '/etc/nginx/conf.d/sslapi.conf',
  reloadCommand: 'nginx -s reload',
  checksRevocation: true,
  passesOn: true,
  passesIdentity: true,
  limitsClients: true,
  allowsByName: true,
  tested: "Debian's nginx 1.22",
  check: { programs: ['nginx'], args: (file) => ['-t', '-c', file] },
  run: {
    programs: ['nginx'],
    args: (file) => ['-e', 'stderr', '-c', file, '-g', 'daemon off;'],
    versionArgs: ['-v'],
    reloadSignal: 'SIGHUP',
  },
  values: nginxValues,
};

function nginxValues(request: ConfigRequest, policy: Policy): TemplateValues {
  const { serverName, listen, upstream, allow = [], files, runtimeFolder = DEFAULT_RUNTIME_FOLDER } = request;
  const { tls, host, port } = parseUpstream(upstream ?? 'http://127.0.0.1:9000');
  const runtime = `${runtimeFolder}/sslapi-nginx-${listen.port}`;
  return {
    ...requestValues(request, policy),
    server_name: checkServerName(serverName).includes(':') ? `[${serverName}]` : serverName,
    listen: hostAndPort(listen),
    protocols: policy.protocols.join(' '),
    zone: `sslapi_${uniqueWord(request)}`,
    has_allowed: allow.length > 0 && request.clientAuth !== 'off',
    allowed: allow.map((name) => `"~${exactly(wholeSubject(name, 'nginx').ascii)}" 1;`).join('\n'),
    allowed_variable: `sslapi_allowed_${uniqueWord(request)}`,
    fullchain: quote(files.fullchain),
    privkey: quote(files.privkey),
    ca_chain: quote(files.caChain),
    crl_chain: quote(files.crlChain),
    unforged: unforged([...TOLD_FIELDS, ...ORIGIN_FIELDS])
      .map((field) => `proxy_set_header ${field.padEnd(FIELD_WIDTH)} "";`)
      .join('\n'),
    upstream_url: `${tls ? 'https' : 'http'}://${host}:${port}`,
    pid: quote(`${runtime}.pid`),
    access_log: quote(`${runtime}-access.log`),
    temporary: quote(`${runtime}-temporary`),
  };
}

const FIELD_WIDTH = Math.max(...unforged([]).map(({ length }) => length));

/** A path as nginx reads it back: in double quotes, with backslashes before a quote and a backslash. A dollar sign would
 *  begin a variable, and nginx knows no way to write it as itself. */
function quote(path: string): string {
  if (checkPath(path).includes('$'))
    throw unfit('path', path, 'nginx takes a dollar sign for a variable: use a path without one.');
  return `"${path.replaceAll(/["\\]/g, '\\$&')}"`;
}
