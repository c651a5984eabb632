import type { Server } from 'node:net';
import type { Serving } from './bad-kind.js';

/** A faulty server that has yet to listen. */
export interface Endpoint {
  readonly server: Server;
  /** Shows what was made anew, of the same kind, from the next connection on. */
  renew(serving: Serving): void;
}
