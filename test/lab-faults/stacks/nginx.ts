import { join } from 'node:path';
import { type RunningServer, startServer } from '../../config/running-server.js';
import { NO_CRL, OTHERS_ONLY, UNVERIFIED } from '../common-faults.js';
import { type ConfiguredCase, changed, type Ground } from '../fault.js';
import type { FaultPki } from '../fault-pki.js';
import { rendered } from '../rendered.js';

/** nginx as `sslapi config nginx` has it, and what people make of it. */
export const NGINX: readonly ConfiguredCase[] = [
  { fault: null, caughtBy: [], write: right },
  { fault: null, caughtBy: [], write: (ground) => rendered('nginx', ground, true) },
  {
    fault: '`ssl_verify_client optional`',
    caughtBy: ['none'],
    write: (ground) => verifying(ground, 'optional'),
  },
  {
    fault: '`ssl_verify_client optional_no_ca`, and nobody looks at the result',
    caughtBy: ['none', 'self-signed', 'other-ca', ...NO_CRL],
    write: (ground) => withoutCrl(verifying(ground, 'optional_no_ca')),
  },
  {
    fault: '`ssl_verify_client off`',
    caughtBy: ['none'],
    write: (ground) => verifying(ground, 'off'),
  },
  { fault: 'no CRL', caughtBy: NO_CRL, write: (ground) => withoutCrl(right(ground)) },
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
  { fault: 'expired CRL', caughtBy: ['good'], write: (ground) => withCrl(ground, ground.pki.crls.expired) },
  {
    fault: 'CRL of another CA',
    caughtBy: ['good'],
    write: (ground) => withCrl(ground, ground.pki.crls.others),
  },
  {
    fault: '`ssl_verify_depth` too small',
    caughtBy: ['good'],
    write: (ground) => changed(right(ground), [/ssl_verify_depth 2;/, 'ssl_verify_depth 0;']),
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
    fault: 'refusals answered by the page itself: `error_page 495 496 =200`',
    caughtBy: ['none', ...UNVERIFIED],
    write: (ground) =>
      changed(right(ground), [
        /(?=location \/ \{)/,
        'error_page 495 496 =200 /members; location = /members { return 200 "hello\\n"; }\n',
      ]),
  },
  {
    fault: 'optional, one location without the check of `$ssl_client_verify`',
    caughtBy: ['none'],
    probe: { paths: ['/', '/metrics'] },
    where: { path: '/metrics' },
    write: (ground) =>
      guarded(ground, 'optional', 'if ($ssl_client_verify != SUCCESS) { return 403; }', OPEN_METRICS),
  },
  {
    fault: 'optional_no_ca, refused is only who shows `NONE`',
    caughtBy: ['self-signed', 'other-ca', ...NO_CRL],
    write: (ground) =>
      withoutCrl(guarded(ground, 'optional_no_ca', 'if ($ssl_client_verify = NONE) { return 403; }')),
  },
  {
    fault: 'optional, checked in TLS 1.3 alone',
    caughtBy: ['none'],
    where: { tlsVersion: 'TLSv1.2' },
    write: (ground) =>
      guarded(
        ground,
        'optional',
        'set $who "$ssl_protocol $ssl_client_verify"; if ($who = "TLSv1.3 NONE") { return 403; }',
      ),
  },
  {
    fault: 'optional, checked for POST alone',
    caughtBy: ['none'],
    write: (ground) =>
      guarded(
        ground,
        'optional',
        'set $who "$request_method $ssl_client_verify"; if ($who = "POST NONE") { return 403; }',
      ),
  },
  {
    fault: 'optional, checked in HTTP/1.1 alone',
    caughtBy: ['none'],
    where: { alpn: 'h2' },
    write: (ground) =>
      changed(
        guarded(
          ground,
          'optional',
          'set $who "$server_protocol $ssl_client_verify"; if ($who = "HTTP/1.1 NONE") { return 403; }',
        ),
        [/ ssl;/, ' ssl http2;'],
      ),
  },
  {
    fault: 'plain HTTP answered on the same port: `error_page 497 =200`',
    caughtBy: ['plain-http'],
    write: (ground) =>
      changed(right(ground), [
        /^ *location \/ \{[^}]*\}/m,
        'error_page 497 =200 /members; location / { return 200 "hello\n"; }\nlocation = /members { return 200 "hello\n"; }',
      ]),
  },
  {
    fault: 'another server block of the port is open, and the default',
    caughtBy: ['other-servername'],
    write: (ground) =>
      `${changed(right(ground), [/^ *location \/ \{[^}]*\}/m, 'location / { return 200 "hello\n"; }'])}
${changed(
  verifying(ground, 'off'),
  [/ ssl;/, ' ssl default_server;'],
  [/server_name localhost;/, 'server_name shop.test;'],
  [/^ *location \/ \{[^}]*\}/m, 'location / { return 200 "hello\n"; }'],
)}`,
  },
  {
    fault: 'optional, and headers of the client reach an application that believes them',
    caughtBy: ['spoofed-header'],
    write: (ground) =>
      changed(
        rendered('nginx', ground, true),
        [/ssl_verify_client on;/, 'ssl_verify_client optional;'],
        [/^ *proxy_set_header X-Client-Verify .*$/m, ''],
      ),
  },
  { fault: null, caughtBy: [], live: true, write: right },
  {
    fault: 'keys of tickets shared, and the same after a reload (`ssl_session_ticket_key`)',
    caughtBy: ['resumed-after-revocation'],
    live: true,
    write: (ground) =>
      changed(right(ground), [
        /ssl_session_tickets off;/,
        `ssl_session_tickets on; ssl_session_ticket_key "${ground.pki.ticketKey(80)}";`,
      ]),
  },
  {
    fault: 'a cache of sessions that outlives a reload (`ssl_session_cache shared`)',
    caughtBy: ['resumed-after-revocation'],
    live: true,
    write: (ground) =>
      changed(right(ground), [/ssl_session_cache off;/, `ssl_session_cache shared:lab${ground.port}:1m;`]),
  },
  {
    fault: 'one client’s page open to every other',
    caughtBy: ['wrong-identity'],
    probe: { identities: [{ name: 'alice', path: '/alice' }] },
    write: right,
  },
  {
    fault: null,
    caughtBy: [],
    probe: { identities: [{ name: 'alice', path: '/alice' }] },
    write: (ground) =>
      changed(right(ground), [
        /(?=^ *location \/ \{)/m,
        'location /alice { if ($ssl_client_s_dn != "CN=alice") { return 403; } return 200 "hello alice\n"; }\n',
      ]),
  },
];

/** One nginx with a server block for each case, or more. */
export async function startNginx(
  pki: FaultPki,
  sites: readonly string[],
  port: number,
): Promise<RunningServer> {
  const at = (name: string): string => JSON.stringify(join(pki.folder, name));
  const configuration = `pid ${at('nginx.pid')};
error_log stderr crit;
worker_processes 1;
events { worker_connections 1024; }
http {
access_log off;
server_names_hash_bucket_size 128;
proxy_headers_hash_max_size 1024;
proxy_headers_hash_bucket_size 128;
${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${at('nginx')};`).join('\n')}
${sites.join('\n')}
}
`;
  const program = {
    target: 'nginx',
    program: 'nginx',
    args: (file: string) => ['-e', 'stderr', '-c', file, '-g', 'daemon off;'],
    reload: (server: { kill: (signal: 'SIGHUP') => unknown }) => server.kill('SIGHUP'),
  };
  return startServer(program, configuration, join(pki.folder, 'lab-nginx.conf'), port);
}

function right(ground: Ground): string {
  return rendered('nginx', ground);
}

function verifying(ground: Ground, how: string): string {
  return changed(right(ground), [/ssl_verify_client on;/, `ssl_verify_client ${how};`]);
}

function withCrl(ground: Ground, path: string): string {
  return changed(right(ground), [/ssl_crl .*;/, `ssl_crl "${path}";`]);
}

function withoutCrl(text: string): string {
  return changed(text, [/ssl_crl .*;/, '']);
}

function withCas(ground: Ground, path: string): string {
  return changed(right(ground), [/ssl_client_certificate .*;/, `ssl_client_certificate "${path}";`]);
}

/** Lets the location decide, as applications do that ask for certificates only where they need them. */
function guarded(ground: Ground, how: string, rule: string, more = ''): string {
  return changed(verifying(ground, how), [/^ *location \/ \{/m, `${more}location / { ${rule}`]);
}

const OPEN_METRICS = 'location /metrics { default_type text/plain; return 200 "requests 3\\n"; }\n';
