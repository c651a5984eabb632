import type { Policy } from '../policy/policy.js';
import type { ConfigRequest } from './config-request.js';
import type { ConfigTarget, TargetFile } from './config-target.js';
import { checkClientName, checkPath, checkServerName, hostAndPort, unfit } from './config-value.js';
import type { TemplateValues } from './fill-template.js';
import { withoutDhe } from './node.js';
import { requestValues } from './request-values.js';
import { yamlString } from './yaml-string.js';

/** Spring Boot 3.2 and later, with the Tomcat that is in it. It has no property for CRLs: a filter written in Java refuses
 *  who is revoked, with each request. Spring itself cannot be had from Debian: the filter is tested in its Tomcat, the
 *  properties by their names. */
export const springBoot: ConfigTarget = {
  name: 'spring-boot',
  title: 'Spring Boot 3.2 or later',
  includeFile: 'src/main/resources/application.yml and src/main/java/',
  reloadCommand: null,
  checksRevocation: true,
  passesOn: false,
  limitsClients: true,
  allowsByName: true,
  tested: null,
  files: ({ clientAuth }) => (clientAuth === 'off' ? [PROPERTIES] : [PROPERTIES, FILTER, CERTIFICATES]),
  check: null,
  values: springBootValues,
};

function springBootValues(request: ConfigRequest, policy: Policy): TemplateValues {
  const { serverName, listen, allow = [], files } = request;
  hostAndPort(listen);
  return {
    ...requestValues(request, policy),
    server_name: checkServerName(serverName),
    listen_host: listen.host !== '*',
    listen_address: yamlString(listen.host),
    port: String(listen.port),
    protocols: `[${policy.protocols.join(', ')}]`,
    cipher_list: withoutDhe(policy)
      .map(({ name }) => `- ${name}`)
      .join('\n'),
    java_groups: policy.groups.join(','),
    fullchain: property(files.fullchain),
    privkey: property(files.privkey),
    ca_chain: property(files.caChain),
    ca_path: quote(checkPath(files.caChain)),
    crl_path: quote(checkPath(files.crlChain)),
    allowed: allow.map(checkClientName).map(quote).join(', '),
  };
}

/** A path as a property: Spring would put something else in the place of ${…}. */
function property(path: string): string {
  if (checkPath(path).includes('${')) {
    throw unfit(
      'path',
      path,
      'Spring takes a dollar sign with a brace for a placeholder: use a path without it.',
    );
  }
  return yamlString(path);
}

/** A string as Java reads it back: JSON's, of ASCII alone, so that no encoding of the file can change it. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll(/[^ -~]/g, escaped);
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const PROPERTIES: TargetFile = { name: 'application.yml', template: 'spring-boot/application.yml' };
const FILTER: TargetFile = {
  name: 'ClientCertificateFilter.java',
  template: 'spring-boot/ClientCertificateFilter.java',
};
const CERTIFICATES: TargetFile = {
  name: 'ClientCertificates.java',
  template: 'spring-boot/ClientCertificates.java',
};
