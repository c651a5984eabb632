import { join } from 'node:path';
import { type RunningServer, startServer } from '../../config/running-server.js';
import { NO_CRL, OTHERS_ONLY } from '../common-faults.js';
import { type ConfiguredCase, changed, type Ground } from '../fault.js';
import type { FaultPki } from '../fault-pki.js';
import { rendered } from '../rendered.js';

/** Apache as `sslapi config apache` has it, and what people make of it. */
export const APACHE: readonly ConfiguredCase[] = [
  { fault: null, caughtBy: [], write: right },
  { fault: null, caughtBy: [], write: (ground) => rendered('apache', ground, true) },
  {
    fault: '`SSLVerifyClient optional`',
    caughtBy: ['none'],
    write: (ground) => verifying(ground, 'optional'),
  },
  {
    fault: '`SSLVerifyClient optional_no_ca`, and nobody looks at the result',
    caughtBy: ['none', 'self-signed', 'other-ca', ...NO_CRL],
    write: (ground) => withoutCrl(verifying(ground, 'optional_no_ca')),
  },
  { fault: '`SSLVerifyClient none`', caughtBy: ['none'], write: (ground) => verifying(ground, 'none') },
  { fault: 'no CRL', caughtBy: NO_CRL, write: (ground) => withoutCrl(right(ground)) },
  {
    fault: 'CRL given, but `SSLCARevocationCheck none`',
    caughtBy: NO_CRL,
    write: (ground) => checkingCrl(right(ground), 'none'),
  },
  {
    fault: 'newest CRL deployed, but not reloaded',
    caughtBy: ['revoked-latest'],
    write: (ground) => withCrl(ground, ground.pki.crls.deployed),
  },
  {
    fault: 'CRL of the issuing CA alone',
    caughtBy: ['good'],
    write: (ground) => withCrl(ground, ground.pki.crls.issuing),
  },
  {
    fault: 'CRL of the issuing CA alone, and `no_crl_for_cert_ok`',
    caughtBy: ['revoked-issuer'],
    write: (ground) => checkingCrl(withCrl(ground, ground.pki.crls.issuing), 'chain no_crl_for_cert_ok'),
  },
  { fault: 'expired CRL', caughtBy: ['good'], write: (ground) => withCrl(ground, ground.pki.crls.expired) },
  {
    fault: 'CRL of another CA',
    caughtBy: ['good'],
    write: (ground) => withCrl(ground, ground.pki.crls.others),
  },
  {
    fault: 'CRL of another CA, and `no_crl_for_cert_ok`',
    caughtBy: NO_CRL,
    write: (ground) => checkingCrl(withCrl(ground, ground.pki.crls.others), 'chain no_crl_for_cert_ok'),
  },
  {
    fault: '`SSLVerifyDepth` too small',
    caughtBy: ['good'],
    write: (ground) => changed(right(ground), [/SSLVerifyDepth 2/, 'SSLVerifyDepth 0']),
  },
  {
    fault: 'wrong CA bundle',
    caughtBy: OTHERS_ONLY,
    write: (ground) => withoutCrl(withCas(ground, ground.pki.cas.others)),
  },
  {
    fault: 'another CA trusted, too',
    caughtBy: ['foreign-client-ca'],
    write: (ground) => withCas(ground, ground.pki.cas['ours and others']),
  },
  {
    fault: 'the system’s CAs trusted, too',
    caughtBy: ['foreign-client-ca'],
    write: (ground) => withCas(ground, ground.pki.cas['ours and the system’s']),
  },
  {
    fault: 'optional, one location without `Require ssl-verify-client`',
    caughtBy: ['none'],
    probe: { paths: ['/', '/metrics'] },
    where: { path: '/metrics' },
    write: (ground) =>
      guarded(
        ground,
        'optional',
        '<Location "/">\nRequire ssl-verify-client\n</Location>\n<Location "/metrics">\nRequire all granted\n</Location>',
      ),
  },
  {
    fault: 'optional_no_ca, refused is only who shows `NONE`',
    caughtBy: ['self-signed', 'other-ca', ...NO_CRL],
    write: (ground) =>
      withoutCrl(
        guarded(
          ground,
          'optional_no_ca',
          `<Location "/">\nRequire expr "%{SSL_CLIENT_VERIFY} != 'NONE'"\n</Location>`,
        ),
      ),
  },
  {
    fault: 'optional, checked in TLS 1.3 alone',
    caughtBy: ['none'],
    where: { tlsVersion: 'TLSv1.2' },
    write: (ground) =>
      guarded(
        ground,
        'optional',
        `<Location "/">\nRequire expr "%{SSL_PROTOCOL} != 'TLSv1.3' || %{SSL_CLIENT_VERIFY} == 'SUCCESS'"\n</Location>`,
      ),
  },
  {
    fault: 'optional, checked for POST alone (`<Limit POST>`)',
    caughtBy: ['none'],
    write: (ground) =>
      guarded(
        ground,
        'optional',
        '<Location "/">\n<Limit POST>\nRequire ssl-verify-client\n</Limit>\n</Location>',
      ),
  },
  {
    fault: 'another virtual host of the port is open, and the first',
    caughtBy: ['other-servername'],
    write: (ground) =>
      `${changed(verifying(ground, 'none'), [/ServerName localhost/, 'ServerName shop.test'], [ANSWER, HELLO])}
${changed(right(ground), [ANSWER, HELLO])}`,
  },
  {
    fault: 'optional, and headers of the client reach an application that believes them',
    caughtBy: ['spoofed-header'],
    write: (ground) =>
      changed(
        rendered('apache', ground, true),
        [/^ *SSLVerifyClient require$/m, 'SSLVerifyClient optional'],
        [/^ *RequestHeader unset X-Client-Verify$/m, ''],
      ),
  },
  { fault: null, caughtBy: [], live: true, write: right },
  {
    fault: 'keys of tickets shared, and the same after a reload (`SSLSessionTicketKeyFile`)',
    caughtBy: ['resumed-after-revocation'],
    live: true,
    write: (ground) =>
      changed(right(ground), [
        /SSLSessionTickets off/,
        `SSLSessionTickets on\nSSLSessionTicketKeyFile "${ground.pki.ticketKey(48)}"`,
      ]),
  },
  {
    fault: 'one client’s page open to every other',
    caughtBy: ['wrong-identity'],
    probe: { identities: [{ name: 'alice', path: '/alice' }] },
    write: right,
  },
];

/** One Apache with a virtual host for each case, or more. */
export async function startApache(
  pki: FaultPki,
  sites: readonly string[],
  ports: readonly number[],
): Promise<RunningServer> {
  const quoted = (name: string): string => JSON.stringify(join(pki.folder, name));
  const configuration = `${MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
${ports.map((port) => `Listen 127.0.0.1:${port}`).join('\n')}
User www-data
Group www-data
ServerName localhost
ErrorLog ${quoted('lab-apache-error.log')}
LogLevel crit
DefaultRuntimeDir ${quoted('')}
PidFile ${quoted('lab-apache.pid')}
SSLSessionCache none
StartServers 1
ServerLimit 2
ThreadsPerChild 64
MaxRequestWorkers 128
${sites.join('\n')}
`;
  const program = {
    target: 'apache',
    program: 'apache2',
    args: (file: string) => ['-D', 'FOREGROUND', '-f', file],
    logFile: (folder: string) => join(folder, 'lab-apache-error.log'),
    reload: (server: { kill: (signal: 'SIGUSR1') => unknown }) => server.kill('SIGUSR1'),
  };
  return startServer(program, configuration, join(pki.folder, 'lab-apache.conf'), ports[0]!);
}

function right(ground: Ground): string {
  return rendered('apache', ground);
}

function verifying(ground: Ground, how: string): string {
  return changed(right(ground), [/^ *SSLVerifyClient require$/m, `SSLVerifyClient ${how}`]);
}

function withCrl(ground: Ground, path: string): string {
  return changed(right(ground), [/^ *SSLCARevocationFile .*$/m, `SSLCARevocationFile "${path}"`]);
}

function checkingCrl(text: string, how: string): string {
  return changed(text, [/^ *SSLCARevocationCheck .*$/m, `SSLCARevocationCheck ${how}`]);
}

function withoutCrl(text: string): string {
  return changed(text, [/^ *SSLCARevocationFile .*$/m, ''], [/^ *SSLCARevocationCheck .*$/m, '']);
}

function withCas(ground: Ground, path: string): string {
  return changed(right(ground), [/^ *SSLCACertificateFile .*$/m, `SSLCACertificateFile "${path}"`]);
}

/** Lets the location decide, before an application that asks nobody who he is: `Redirect` would come before any `Require`. */
function guarded(ground: Ground, how: string, location: string): string {
  return changed(
    rendered('apache', ground, true),
    [/^ *SSLVerifyClient require$/m, `SSLVerifyClient ${how}`],
    [/^( *ProxyPass +"\/" +"http:[^"]*)"$/m, `    ProxyPass "/" "http://127.0.0.1:${ground.backend}/open/"`],
    [/<\/VirtualHost>/, `${location}\n</VirtualHost>`],
  );
}

/** What answers who the client is, and what answers everybody the same. */
const ANSWER = /^ *ErrorDocument 200 .*$/m;
const HELLO = 'ErrorDocument 200 "hello"';

const MODULES = [
  'mpm_event',
  'authn_core',
  'authz_core',
  'alias',
  'setenvif',
  'headers',
  'reqtimeout',
  'socache_shmcb',
  'ssl',
  'proxy',
  'proxy_http',
];
