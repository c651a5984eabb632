import { opensslGroup } from '../policy/openssl-group.js';
import type { Policy } from '../policy/policy.js';
import { commandLine } from './command-line.js';
import type { ConfigRequest } from './config-request.js';
import { parseUpstream } from './config-value.js';
import type { TemplateValues } from './fill-template.js';

/** What every template may ask of a request and its policy, whatever the server's syntax. */
export function requestValues(request: ConfigRequest, policy: Policy): TemplateValues {
  const { level, clientAuth, upstream, standalone } = request;
  return {
    command: commandLine(request),
    level,
    policy: `${policy.title}, guideline ${policy.version} of ${policy.published}`,
    policy_source: policy.source,
    standalone,
    client_auth: clientAuth !== 'off',
    require: clientAuth === 'require',
    optional: clientAuth === 'optional',
    tls12: policy.protocols.includes('TLSv1.2'),
    ciphers: policy.cipherSuites['TLSv1.2'].map(({ opensslName }) => opensslName).join(':'),
    ciphers_without_dhe: policy.cipherSuites['TLSv1.2']
      .filter(({ name }) => !name.startsWith('TLS_DHE_'))
      .map(({ opensslName }) => opensslName)
      .join(':'),
    ciphersuites: policy.cipherSuites['TLSv1.3'].map(({ opensslName }) => opensslName).join(':'),
    groups: policy.groups.map(opensslGroup).join(':'),
    hsts_max_age: String(policy.hstsMaxAgeSeconds ?? 0),
    upstream: upstream !== undefined,
    upstream_tls: upstream !== undefined && parseUpstream(upstream).tls,
  };
}

/** A word made of a server's name and port, for what must have a name of its own in each file: a zone, a frontend. */
export function uniqueWord({ serverName, listen }: ConfigRequest): string {
  return `${serverName.replaceAll(/[^A-Za-z0-9]+/g, '_').replace(/^_/, '')}_${listen.port}`;
}

/** Where a standalone server keeps what it needs while it runs. */
export const DEFAULT_RUNTIME_FOLDER = '/tmp';
