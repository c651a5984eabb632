import { join } from 'node:path';
import { type RunningServer, startServer } from '../../config/running-server.js';
import { NAMED_ALIKE, NO_CRL, OTHERS_ONLY, UNVERIFIED } from '../common-faults.js';
import type { ConfiguredCase, Ground } from '../fault.js';
import type { FaultPki } from '../fault-pki.js';

/** Go reads no certificate with a critical extension that it does not know. */
const ANYBODY = UNVERIFIED.filter((id) => id !== 'unknown-critical-extension');

/** Caddy has no CRLs: the best that it can do is a fault already, and every other comes on top. */
export const CADDY: readonly ConfiguredCase[] = [
  { fault: 'no CRL: the best that Caddy does', caughtBy: NO_CRL, write: (ground) => site(ground) },
  {
    fault: '`mode verify_if_given`',
    caughtBy: ['none', ...NO_CRL],
    write: (ground) => site(ground, { mode: 'verify_if_given' }),
  },
  {
    fault: '`mode require`: any certificate will do',
    caughtBy: [...ANYBODY, 'resumed-stranger'],
    write: (ground) => site(ground, { mode: 'require' }),
  },
  {
    fault: '`mode request`: none will do, too',
    caughtBy: ['none', ...ANYBODY],
    write: (ground) => site(ground, { mode: 'request' }),
  },
  {
    fault: 'no `client_auth`',
    caughtBy: ['none'],
    write: (ground) => site(ground, { mode: null }),
  },
  {
    fault: 'wrong CA bundle',
    caughtBy: OTHERS_ONLY,
    write: (ground) => site(ground, { cas: ground.pki.cas.others }),
  },
  {
    fault: 'another CA trusted, too',
    caughtBy: [...NO_CRL, 'foreign-client-ca'],
    write: (ground) => site(ground, { cas: ground.pki.cas['ours and others'] }),
  },
  {
    fault: 'the system’s CAs trusted, too',
    caughtBy: [...NO_CRL, 'foreign-client-ca'],
    write: (ground) => site(ground, { cas: ground.pki.cas['ours and the system’s'] }),
  },
  {
    fault: 'verify_if_given, one path without the rule',
    caughtBy: ['none', ...NO_CRL],
    anyhow: NO_CRL,
    where: { path: '/metrics' },
    probe: { paths: ['/', '/metrics'] },
    write: (ground) => site(ground, { mode: 'verify_if_given', guarded: 'not path /metrics' }),
  },
  {
    fault: 'verify_if_given, checked for POST alone',
    caughtBy: ['none', ...NO_CRL],
    write: (ground) => site(ground, { mode: 'verify_if_given', guarded: 'method POST' }),
  },
  {
    fault: 'mode require, told apart by the issuer’s name',
    caughtBy: NAMED_ALIKE,
    write: (ground) => site(ground, { mode: 'require', issuer: ground.pki.names.issuing }),
  },
  {
    fault: 'another site of the port is open',
    caughtBy: [...NO_CRL, 'other-servername'],
    write: (ground) => `${site(ground)}${site(ground, { mode: null, name: '' })}`,
  },
  {
    fault: 'verify_if_given, and headers of the client reach an application that believes them',
    caughtBy: [...NO_CRL, 'spoofed-header'],
    write: (ground) =>
      site(ground, {
        mode: 'verify_if_given',
        answer: `@known vars_regexp {tls_client_subject} CN=
  reverse_proxy @known 127.0.0.1:${ground.backend} {
    header_up X-SSL-Client-Verify SUCCESS
  }
  reverse_proxy 127.0.0.1:${ground.backend}`,
      }),
  },
  {
    fault: 'one client’s page open to every other',
    caughtBy: [...NO_CRL, 'wrong-identity'],
    probe: { identities: [{ name: 'alice', path: '/alice' }] },
    write: (ground) => site(ground),
  },
];

/** One Caddy with a site for each case. */
export async function startCaddy(
  pki: FaultPki,
  sites: readonly string[],
  port: number,
): Promise<RunningServer> {
  const configuration = `{
  admin off
  auto_https off
  storage file_system ${join(pki.folder, 'caddy')}
  log {
    level ERROR
  }
}
${sites.join('\n')}
`;
  const program = {
    target: 'caddy',
    program: 'caddy',
    args: (file: string) => ['run', '--adapter', 'caddyfile', '--config', file],
    reload: () => undefined,
  };
  return startServer(program, configuration, join(pki.folder, 'Caddyfile'), port);
}

interface Wish {
  readonly mode?: string | null;
  readonly cas?: string;
  /** Which requests are refused where they come without a certificate. */
  readonly guarded?: string;
  readonly name?: string;
  /** What answers; a greeting by default. */
  readonly answer?: string;
  /** Who is let in: those whose issuer begins so. */
  readonly issuer?: string;
}

function site({ pki, port }: Ground, wish: Wish = {}): string {
  const { mode = 'require_and_verify', cas = pki.files.caChain, guarded, issuer } = wish;
  const { name = 'localhost', answer = 'respond "hello"' } = wish;
  // it takes the first certificate of a file alone
  const trusted = mode === null || /^requ(ire|est)$/.test(mode) ? [] : pki.split(cas);
  const clientAuth =
    mode === null
      ? ''
      : `client_auth {
      mode ${mode}
      ${trusted.map((path) => `trusted_ca_cert_file ${path}`).join('\n      ')}
    }`;
  return `https://${name}:${port} {
  bind 127.0.0.1
  tls ${pki.files.fullchain} ${pki.files.privkey} {
    ${clientAuth}
  }
  ${guarded === undefined ? '' : `@stranger {\n    ${guarded}\n    not vars_regexp {tls_client_subject} CN=\n  }\n  respond @stranger 403`}
  ${issuer === undefined ? '' : `@stranger not vars_regexp {tls_client_issuer} "^${issuer}"\n  respond @stranger 403`}
  ${answer}
}
`;
}
