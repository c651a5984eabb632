import type { TLSSocket } from 'node:tls';

/** What a handshake agreed on. */
export interface ConnectionFacts {
  /** `TLSv1.2` or `TLSv1.3`. */
  readonly protocol: string | null;
  /** As IANA names it. */
  readonly cipherSuite: string;
  readonly resumed: boolean;
  /** The host that the client asked for, by SNI (RFC 6066 §3); null where it named none. */
  readonly servername: string | null;
}

export function connectionFacts(socket: TLSSocket): ConnectionFacts {
  // Node's types know the servername of a client alone; a server's socket has it as well, or false.
  const { servername } = socket as TLSSocket & { readonly servername?: string | false };
  return {
    protocol: socket.getProtocol(),
    cipherSuite: socket.getCipher().standardName,
    resumed: socket.isSessionReused(),
    servername: servername || null,
  };
}
