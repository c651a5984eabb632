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
  /** How clients come in where the protocol itself turns away who shows no certificate; absent where TLS alone does. */
  readonly login?: Login;
}

/** The first thing that a client says within TLS, and what the answer to it means. */
export interface Login {
  readonly request: (user: string) => Uint8Array;
  /** Null while more is to come, and for what is no answer in this protocol. */
  readonly judge: (answer: Uint8Array) => LoginAnswer | null;
}

/** `in`: who showed that certificate may come in, or go on to a password. `refused`: not as that user. `untold`: it was not about
 *  who the client is. */
export interface LoginAnswer {
  readonly verdict: 'in' | 'refused' | 'untold';
  /** One printable line. */
  readonly said: string;
}

export interface StarttlsEndpoint {
  /** The name that the server serves: XMPP's `to`. */
  readonly domain: string;
  readonly port: number;
}
