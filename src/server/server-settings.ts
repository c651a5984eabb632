import type { Items } from '../store/items.js';
import type { AccessRules } from './access-rules.js';
import type { ClientAuthority } from './client-authority.js';
import type { ServerEvent } from './server-event.js';

/** Whether clients must present a certificate, may, or are not asked for one. */
export type ClientAuthMode = 'require' | 'optional' | 'off';

export interface ServerSettings {
  readonly ca: ClientAuthority;
  /** Host `*` is every address; port 0 takes a free one. */
  readonly listen: { readonly host: string; readonly port: number };
  readonly server: ServerCertificate;
  readonly clientAuth: ClientAuthMode;
  readonly onEvent?: (event: ServerEvent) => void;
  readonly limits?: Partial<ServerLimits>;
  /** By default 600 requests a minute. */
  readonly rateLimit?: RateLimit | 'off';
  /** What the API keeps for its clients; without it there is no `/items`. A connection of its own to the store, so that who waits
   *  to write keeps nobody from being told apart. */
  readonly items?: Items;
  /** Who may do what; without it every verified client may read, `/admin` apart. */
  readonly access?: AccessRules;
  /** Of the program, for `/metrics`. */
  readonly version?: string;
}

/** The server's certificate with its intermediates, and its key, in PEM. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

/** What can be exchanged while a server runs. */
export type ServerChange = Partial<Pick<ServerSettings, 'ca' | 'server' | 'access' | 'items'>>;

/** How many requests an identity may make in a time. */
export interface RateLimit {
  readonly requests: number;
  readonly windowMs: number;
}

/** What a client may cost, slow ones included; times in milliseconds. */
export interface ServerLimits {
  readonly handshakeMs: number;
  readonly headersMs: number;
  readonly requestMs: number;
  /** Between two requests of a connection. */
  readonly keepAliveMs: number;
  /** In which nothing is taken of an answer; on the public port, without an octet in either direction. */
  readonly idleMs: number;
  readonly headerBytes: number;
  readonly bodyBytes: number;
  /** How deep arrays and objects of a JSON body may lie in one another. */
  readonly jsonDepth: number;
  readonly connections: number;
  /** Those that one client may have of them. */
  readonly connectionsOfOne: number;
  /** How many requests of a connection may wait for their turn behind one that is being answered. */
  readonly pipelined: number;
  /** For open requests once the server is about to end. */
  readonly stopMs: number;
}

export const DEFAULT_LIMITS: ServerLimits = {
  handshakeMs: 10_000,
  headersMs: 5_000,
  requestMs: 10_000,
  keepAliveMs: 5_000,
  idleMs: 30_000,
  headerBytes: 16_384,
  bodyBytes: 65_536,
  jsonDepth: 20,
  connections: 4_096,
  connectionsOfOne: 1_024,
  pipelined: 64,
  stopMs: 10_000,
};
export const DEFAULT_RATE_LIMIT: RateLimit = { requests: 600, windowMs: 60_000 };
