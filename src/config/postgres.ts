import { dirname } from 'node:path';
import { opensslGroup } from '../policy/openssl-group.js';
import type { Policy } from '../policy/policy.js';
import { commonNameOf } from '../x509/name.js';
import type { ConfigRequest } from './config-request.js';
import type { ConfigTarget, TargetFile } from './config-target.js';
import { checkPath, checkServerName, hostAndPort, unfit } from './config-value.js';
import type { TemplateValues } from './fill-template.js';
import { DEFAULT_RUNTIME_FOLDER, requestValues } from './request-values.js';
import { wholeSubject } from './whole-subject.js';

/** PostgreSQL 14 and later. */
export const postgres: ConfigTarget = {
  name: 'postgres',
  title: 'PostgreSQL 14 or later',
  includeFile: '/etc/postgresql/15/main/',
  reloadCommand: 'systemctl reload postgresql',
  starttls: 'postgres',
  checksRevocation: true,
  passesOn: false,
  allowsByName: true,
  tested: "Debian's PostgreSQL 15",
  files: (request) => [
    {
      name: request.standalone ? 'postgresql.conf' : 'sslapi.conf',
      template: 'postgres/postgresql.conf',
    },
    { name: 'pg_hba.conf', template: 'postgres/pg_hba.conf' },
    ...(hasMap(request) ? [IDENT] : []),
  ],
  // It has a check of its settings alone. So it is started on a new database, and stopped once it has taken the files too.
  check: {
    programs: binaries('postgres'),
    args: (file) => ['-D', dirname(file)],
    content: /database system is ready to accept connections/,
    before: {
      programs: binaries('initdb'),
      args: (file) => ['-D', `${dirname(file)}/data`, '--auth=reject', '--no-locale', '--no-sync'],
    },
    user: 'postgres',
  },
  values: postgresValues,
};

function postgresValues(request: ConfigRequest, policy: Policy): TemplateValues {
  const { serverName, listen, allow = [], files, runtimeFolder } = request;
  hostAndPort(listen);
  const folder = runtimeFolder ?? `${DEFAULT_RUNTIME_FOLDER}/sslapi-postgres-${listen.port}`;
  return {
    ...requestValues(request, policy),
    server_name: checkServerName(serverName),
    listen_addresses: quote(listen.host),
    port: String(listen.port),
    data_directory: quote(checkPath(`${folder}/data`)),
    hba_file: quote(checkPath(`${folder}/pg_hba.conf`)),
    ident_file: quote(checkPath(`${folder}/pg_ident.conf`)),
    socket_directories: quote(doubleQuoted(folder)), // a list, in quotes of its own
    minimum_version: policy.protocols[0]!,
    group: opensslGroup(policy.groups.find((group) => group.startsWith('secp')) ?? 'secp256r1'),
    fullchain: quote(checkPath(files.fullchain)),
    privkey: quote(checkPath(files.privkey)),
    ca_chain: quote(checkPath(files.caChain)),
    crl_chain: quote(checkPath(files.crlChain)),
    has_allowed: hasMap(request),
    allowed: allow.map(mapLine).join('\n'),
  };
}

/** Whether clients are known by a map of whole subjects. */
function hasMap({ clientAuth, allow = [] }: ConfigRequest): boolean {
  return clientAuth !== 'off' && allow.length > 0;
}

/** A string as postgresql.conf reads it back. */
function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** A word as pg_ident.conf, or a list in postgresql.conf, reads it back. */
function doubleQuoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** The user of that commonName is whose certificate has this whole subject. */
function mapLine(client: string): string {
  const { subject, ascii } = wholeSubject(client, 'PostgreSQL');
  const user = commonNameOf(subject);
  if (user === undefined || Buffer.byteLength(user) > LONGEST_USER)
    throw unfit(
      'client',
      client,
      `Its commonName is the user: it needs one of at most ${LONGEST_USER} octets.`,
    );
  return `sslapi  ${doubleQuoted(ascii)}  ${doubleQuoted(user)}`;
}

/** On the PATH, or where Debian keeps those of each version. */
function binaries(name: string): string[] {
  return [name, ...[18, 17, 16, 15, 14].map((version) => `/usr/lib/postgresql/${version}/bin/${name}`)];
}

/** NAMEDATALEN, and a zero at its end. */
const LONGEST_USER = 63;
const IDENT: TargetFile = { name: 'pg_ident.conf', template: 'postgres/pg_ident.conf' };
