import type { CertificateMessage } from './certificate-message.js';
import type { CertificateRequest } from './certificate-request.js';
import type { Ending } from './ending.js';
import type { ServerExtensions } from './server-hello.js';
import type { ServerKeyExchange } from './server-key-exchange.js';
import type { ServerSignature } from './server-signature.js';

/** What a server sends after its ServerHello: up to ServerHelloDone in TLS 1.2 and before, up to Finished in TLS 1.3. */
export interface ServerFlight {
  /** From the ServerHello, or from EncryptedExtensions in TLS 1.3; null where those could not be read. */
  readonly extensions: ServerExtensions | null;
  /** The server's chain; null where none was sent. */
  readonly certificate: CertificateMessage | null;
  /** What the server wants of a client's certificate; null where it does not ask for one. */
  readonly certificateRequest: CertificateRequest | null;
  /** TLS 1.2 and before. */
  readonly serverKeyExchange: ServerKeyExchange | null;
  /** SignatureScheme of the server's CertificateVerify, TLS 1.3. */
  readonly certificateVerifyScheme: number | null;
  /** What the server signed with the key of its certificate; null where nothing is. */
  readonly signed: ServerSignature | null;
  /** The server's Finished was there and right, TLS 1.3. */
  readonly finished: boolean;
  /** `complete` where nothing was missing. */
  readonly ended: Ending;
}

/** A flight while it is being read. */
export type ServerFlightDraft = { -readonly [Field in keyof ServerFlight]: ServerFlight[Field] };

/** A flight of which nothing has been read. */
export function unreadFlight(): ServerFlightDraft {
  return {
    extensions: null,
    certificate: null,
    certificateRequest: null,
    serverKeyExchange: null,
    certificateVerifyScheme: null,
    signed: null,
    finished: false,
    ended: { kind: 'not-read' },
  };
}
