import type { TLSSocket } from 'node:tls';
import type { ClientAuthority } from '../client-authority.js';
import type { VerifiedClient } from '../judge-client.js';
import { type CertificateNode, certificateTree } from './certificate-tree.js';
import { clientChain, serverChain } from './chains.js';
import { type ConnectionFacts, connectionFacts } from './connection-facts.js';
import type { LiveCounts } from './live-counts.js';
import type { Permission } from './permissions.js';

/** All that the page shows of one connection; `/overview.json` is it. */
export interface Overview extends ServerFacts {
  readonly schemaVersion: 1;
  /** The server's clock, which lifetimes are counted by. */
  readonly at: string;
  readonly connection: ConnectionFacts;
  readonly certificates: readonly CertificateNode[];
}

/** What the server says of itself and of who looks. */
export interface ServerFacts {
  readonly clientAuth: 'require' | 'optional' | 'off';
  /** Null for a client without a certificate. */
  readonly identity: { readonly name: string; readonly subjectAltName: readonly string[] } | null;
  readonly permissions: readonly Permission[];
  /** Null where requests are not limited. */
  readonly rateLimit: { readonly requests: number; readonly seconds: number } | null;
  readonly counts: LiveCounts;
}

/** The connection by which somebody looks. */
export interface Sight {
  readonly socket: TLSSocket;
  /** Undefined for a client without a certificate. */
  readonly client: VerifiedClient | undefined;
  readonly authority: ClientAuthority;
}

export function overview(
  { clientAuth, identity, permissions, rateLimit, counts }: ServerFacts,
  { socket, client, authority }: Sight,
  now: Date,
): Overview {
  const shown = client === undefined ? null : clientChain(client, authority);
  return {
    schemaVersion: 1,
    at: now.toISOString(),
    clientAuth,
    connection: connectionFacts(socket),
    identity,
    certificates: certificateTree(serverChain(socket, authority), shown, now),
    permissions,
    rateLimit,
    counts,
  };
}
