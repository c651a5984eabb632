import { cipherSuite } from '../../tls/cipher-suite.js';
import { DEFAULT_GROUPS } from '../../tls/client-extensions.js';
import type { ClientHelloOffer } from '../../tls/client-hello.js';
import { EXTENSION_TYPE } from '../../tls/extension.js';
import { OLDER_SUITES } from '../../tls/full-offer.js';
import { TLS_VERSIONS, type TlsVersion } from '../../tls/version.js';
import type { Connections } from '../connections.js';
import type { ScanContext } from './scan-context.js';

/** The newest version before TLS 1.3 that is spoken; null where there is none. SSL 2.0 does not count: it is another protocol. */
export function newestOlderVersion({ spoken }: ScanContext): OlderVersion | null {
  const older = TLS_VERSIONS.filter(
    (version): version is OlderVersion =>
      version !== 'TLSv1.3' && version !== 'SSLv2' && spoken.includes(version),
  );
  return older.at(-1) ?? null;
}

export type OlderVersion = Exclude<TlsVersion, 'TLSv1.3' | 'SSLv2'>;

/** A hello of that version that the server takes: the suites and groups that are known, then those that
 *  are usual: a curve that only the certificate is on has to be offered too. Stream ciphers and NULL
 *  stay out where there are others: what they make of a record that is wrong is not told so well. */
export function olderOffer(
  { servername, suites, groups }: ScanContext,
  version: TlsVersion,
): ClientHelloOffer {
  const known = suites.get(version) ?? [];
  const all = [...new Set([...known, ...OLDER_SUITES])];
  const blocks = all.filter(isBlockCipher);
  const cipherSuites = known.some(isBlockCipher) ? blocks : all;
  const usable = [...new Set([...groups, ...DEFAULT_GROUPS])];
  return { versions: [version], cipherSuites, serverName: servername, groups: usable };
}

/** What a ServerHello promises of resumption; that it is kept, only whole handshakes show. Null where none came.
 *  A server that means to give a ticket need not give a session id beside it (RFC 5077 §3.4).
 *  @param offer a hello that asks for a ticket or does not, as it is */
export async function signsOfResumption(
  connections: Connections,
  offer: ClientHelloOffer,
): Promise<{ readonly ticket: boolean; readonly sessionId: boolean } | null> {
  const outcome = await connections.exchange(offer, { until: 'server-hello' });
  if (outcome.kind !== 'server-hello') return null;
  const { extensions, sessionId } = outcome.serverHello;
  const ticket = extensions.some(({ type }) => type === EXTENSION_TYPE.sessionTicket);
  return { ticket, sessionId: sessionId.length > 0 };
}

function isBlockCipher(id: number): boolean {
  return !/^(RC4|NULL)/.test(cipherSuite(id)?.encryption ?? 'NULL');
}
