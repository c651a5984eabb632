import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningServer, startServer } from '../../config/running-server.js';
import { NAMED_ALIKE, NO_CRL, OTHERS_ONLY, UNVERIFIED } from '../common-faults.js';
import { type ConfiguredCase, changed, type Ground } from '../fault.js';
import type { FaultPki } from '../fault-pki.js';
import { rendered } from '../rendered.js';

/** What `all` does not reach in HAProxy 2.6: errors whose numbers are beyond its list. */
const IGNORED = UNVERIFIED.filter(
  (id) =>
    ![
      'issued-by-leaf',
      'issuer-without-cert-sign',
      'name-constraint-violation',
      'unknown-critical-extension',
    ].includes(id),
);

/** HAProxy as `sslapi config haproxy` has it, and what people make of it. The numbers are OpenSSL's X509_V_ERR_…. */
export const HAPROXY: readonly ConfiguredCase[] = [
  { fault: null, caughtBy: [], write: right },
  { fault: null, caughtBy: [], write: (ground) => rendered('haproxy', ground, true) },
  { fault: '`verify optional`', caughtBy: ['none'], write: (ground) => verifying(ground, 'optional') },
  { fault: '`verify none`', caughtBy: ['none'], write: (ground) => verifying(ground, 'none') },
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
  {
    fault: 'CRL of the issuing CA alone, a missing one ignored for CAs (`ca-ignore-err 3`)',
    caughtBy: ['revoked-issuer'],
    write: (ground) => ignoring(withCrl(ground, ground.pki.crls.issuing), 'ca-ignore-err 3 crt-ignore-err 3'),
  },
  { fault: 'expired CRL', caughtBy: ['good'], write: (ground) => withCrl(ground, ground.pki.crls.expired) },
  {
    fault: 'CRL of another CA',
    caughtBy: ['good'],
    write: (ground) => withCrl(ground, ground.pki.crls.others),
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
    fault: '`crt-ignore-err all ca-ignore-err all`',
    caughtBy: IGNORED,
    write: (ground) => ignoring(right(ground), 'crt-ignore-err all ca-ignore-err all'),
  },
  {
    fault: '`crt-ignore-err 10`: expired',
    caughtBy: ['expired'],
    write: (ground) => ignoring(right(ground), 'crt-ignore-err 10'),
  },
  {
    fault: '`crt-ignore-err 9`: not yet valid',
    caughtBy: ['not-yet-valid'],
    write: (ground) => ignoring(right(ground), 'crt-ignore-err 9'),
  },
  {
    fault: '`crt-ignore-err 26`: purpose',
    caughtBy: ['eku-server-only', 'eku-code-signing'],
    write: (ground) => ignoring(right(ground), 'crt-ignore-err 26'),
  },
  {
    fault: '`crt-ignore-err 23`: revoked',
    caughtBy: ['revoked', 'revoked-latest'],
    write: (ground) => ignoring(right(ground), 'crt-ignore-err 23'),
  },
  {
    fault: '`ca-ignore-err 10`: CA expired, no CRL',
    caughtBy: [...NO_CRL, 'expired-issuer'],
    write: (ground) => ignoring(withoutCrl(right(ground)), 'ca-ignore-err 10'),
  },
  {
    fault: '`crt-ignore-err 18`: self-signed, no CRL',
    caughtBy: ['self-signed', ...NO_CRL],
    write: (ground) => ignoring(withoutCrl(right(ground)), 'crt-ignore-err 18'),
  },
  {
    fault: 'verify optional, one path without the rule',
    caughtBy: ['none'],
    probe: { paths: ['/', '/metrics'] },
    where: { path: '/metrics' },
    write: (ground) => guarded(verifying(ground, 'optional'), '!{ ssl_c_used } !{ path_beg /metrics }'),
  },
  {
    fault: 'verify optional, checked for POST alone',
    caughtBy: ['none'],
    write: (ground) => guarded(verifying(ground, 'optional'), '!{ ssl_c_used } { method POST }'),
  },
  {
    fault: 'verify optional, checked in TLS 1.3 alone',
    caughtBy: ['none'],
    where: { tlsVersion: 'TLSv1.2' },
    write: (ground) => guarded(verifying(ground, 'optional'), '!{ ssl_c_used } { ssl_fc_protocol TLSv1.3 }'),
  },
  {
    fault: 'all errors ignored, the rule asks for `ssl_c_used` instead of `ssl_c_verify 0`',
    caughtBy: IGNORED,
    write: (ground) =>
      guarded(
        ignoring(verifying(ground, 'optional'), 'crt-ignore-err all ca-ignore-err all'),
        '!{ ssl_c_used }',
      ),
  },
  {
    fault: 'all errors ignored, told apart by the issuer’s name',
    caughtBy: NAMED_ALIKE,
    write: (ground) =>
      guarded(
        ignoring(verifying(ground, 'optional'), 'crt-ignore-err all ca-ignore-err all'),
        `!{ ssl_c_i_dn(,0,rfc2253) -m beg ${ground.pki.names.issuing.replaceAll(' ', '\\ ')} }`,
      ),
  },
  {
    fault: 'verify optional, checked in HTTP/1.1 alone',
    caughtBy: ['none'],
    where: { alpn: 'h2' },
    write: (ground) => guarded(verifying(ground, 'optional'), '!{ ssl_c_used } !{ ssl_fc_alpn h2 }'),
  },
  {
    fault: 'a certificate list (`crt-list`) verifies for one name alone',
    caughtBy: ['other-servername'],
    write: (ground) => {
      const { files, folder } = ground.pki;
      const list = join(folder, `crt-list-${ground.port}`);
      const verify = `verify required ca-file ${files.caChain} crl-file ${files.crlChain}`;
      writeFileSync(list, `${files.fullchain} *\n${files.fullchain} [${verify}] localhost\n`);
      return changed(
        right(ground),
        [/ ssl crt "[^"]*"/, ` ssl crt-list ${list}`],
        [/ verify required ca-file "[^"]*" crl-file "[^"]*"/, ''],
        [/lf-string .*$/m, 'string hello'],
      );
    },
  },
  {
    fault: 'verify optional, and headers of the client reach an application that believes them',
    caughtBy: ['spoofed-header'],
    write: (ground) =>
      changed(
        rendered('haproxy', ground, true),
        [/ verify required /, ' verify optional '],
        [/^ *http-request del-header '\^\(x\[-_\]\)\?client.*$/m, ''],
      ),
  },
  { fault: null, caughtBy: [], live: true, write: right },
  {
    fault: 'keys of tickets shared, and the same after a reload (`tls-ticket-keys`)',
    caughtBy: ['resumed-after-revocation'],
    live: true,
    write: (ground) => {
      const file = join(ground.pki.folder, 'ticket-keys');
      const line = readFileSync(ground.pki.ticketKey(80)).toString('base64');
      writeFileSync(file, `${line}\n${line}\n${line}\n`);
      return changed(right(ground), [/ no-tls-tickets /, ` tls-ticket-keys ${file} `]);
    },
  },
  {
    fault: 'one client’s page open to every other',
    caughtBy: ['wrong-identity'],
    probe: { identities: [{ name: 'alice', path: '/alice' }] },
    write: right,
  },
];

/** One HAProxy with a frontend for each case, or more. */
export async function startHaproxy(
  pki: FaultPki,
  sites: readonly string[],
  port: number,
): Promise<RunningServer> {
  const configuration = `global
    log stderr format raw local0 err
    tune.ssl.cachesize 0
    nbthread 1
    maxconn 400
defaults
    log global
    mode http
${sites.join('\n')}
`;
  const program = {
    target: 'haproxy',
    program: 'haproxy',
    args: (file: string) => ['-W', '-f', file],
    reload: (server: { kill: (signal: 'SIGUSR2') => unknown }) => server.kill('SIGUSR2'),
  };
  return startServer(program, configuration, join(pki.folder, 'lab-haproxy.cfg'), port);
}

function right(ground: Ground): string {
  return rendered('haproxy', ground);
}

function verifying(ground: Ground, how: string): string {
  return changed(right(ground), [/ verify required /, ` verify ${how} `]);
}

function withCrl(ground: Ground, path: string): string {
  return changed(right(ground), [/ crl-file "[^"]*"/, ` crl-file "${path}"`]);
}

function withoutCrl(text: string): string {
  return changed(text, [/ crl-file "[^"]*"/, '']);
}

function withCas(ground: Ground, path: string): string {
  return changed(right(ground), [/ ca-file "[^"]*"/, ` ca-file "${path}"`]);
}

function ignoring(text: string, what: string): string {
  return changed(text, [/ ca-file /, ` ${what} ca-file `]);
}

/** Lets a rule decide. */
function guarded(text: string, unless: string): string {
  return changed(text, [
    /(?=^ *http-request set-var\(txn\.verify\) str\(NONE\)$)/m,
    `    http-request deny deny_status 403 if ${unless}\n`,
  ]);
}
