import { ftp } from './ftp.js';
import { imap } from './imap.js';
import { ldap } from './ldap.js';
import { mysql } from './mysql.js';
import { pop3 } from './pop3.js';
import { postgres } from './postgres.js';
import { smtp } from './smtp.js';
import type { LoginAnswer, Starttls } from './starttls-protocol.js';
import { xmpp } from './xmpp.js';

/** The protocols that begin in the clear and go on in TLS. */
export const STARTTLS = {
  smtp,
  imap,
  pop3,
  ldap,
  postgres,
  mysql,
  ftp,
  xmpp,
} as const satisfies Record<string, Starttls>;

export type StarttlsProtocol = keyof typeof STARTTLS;

/** What has come so far after a login, in a protocol that has one; null where it is no answer, or not yet. */
export function loginAnswer(
  { starttls }: { readonly starttls?: StarttlsProtocol },
  received: readonly Uint8Array[],
): LoginAnswer | null {
  const protocol: Starttls | undefined = starttls && STARTTLS[starttls];
  return protocol?.login?.judge(Buffer.concat(received)) ?? null;
}

/** Their names, as `--starttls` takes them. */
export const STARTTLS_PROTOCOLS = Object.keys(STARTTLS) as readonly StarttlsProtocol[];
