import type { PlainTalk } from './plain-talk.js';

/** How a protocol that begins in the clear comes to TLS on the same connection. */
export interface Starttls {
  /** Where such servers listen. */
  readonly defaultPort: number;
  /** Talks until the next octets are to be TLS. @throws TalkFailed
   *  @param endpoint what the server is called, and where it listens */
  readonly negotiate: (talk: PlainTalk, endpoint: StarttlsEndpoint) => Promise<void>;
  /** What a client says within TLS to take its leave: servers answer or close at once, and log no fault. */
  readonly farewell: Uint8Array;
}

export interface StarttlsEndpoint {
  /** The name that the server serves: XMPP's `to`. */
  readonly domain: string;
  readonly port: number;
}
