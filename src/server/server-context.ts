import type { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { Items } from '../store/items.js';
import type { AccessRules } from './access-rules.js';
import type { ClientAuthority } from './client-authority.js';
import type { VerifiedClient } from './judge-client.js';
import type { Moment } from './moment.js';
import type { LiveCounts } from './page/live-counts.js';
import type { PageDocument } from './page/page-document.js';
import type { ServerCounts } from './server-counts.js';
import type { ClientRefusal } from './server-event.js';
import type { Impediment } from './server-facts.js';
import type { ClientAuthMode, RateLimit, ServerCertificate, ServerLimits } from './server-settings.js';

/** What every route and hook of the demo API may ask of the server. */
export interface ServerContext {
  /** Whose clients are let in at this moment. */
  readonly ca: () => ClientAuthority;
  /** What the API keeps for its clients; undefined where it keeps nothing. */
  readonly items: () => Items | undefined;
  readonly clientAuth: ClientAuthMode;
  readonly limits: ServerLimits;
  readonly rateLimit: RateLimit | 'off';
  /** The rules of this moment: they are exchanged when their file changes. */
  readonly access: () => AccessRules;
  /** Whose connection a request came on; undefined for a client without a certificate. */
  readonly clientOf: (request: FastifyRequest) => VerifiedClient | undefined;
  /** Whether that client is still to be let in. */
  readonly standing: (
    client: VerifiedClient,
    now: Moment,
  ) => ClientRefusal | null | Promise<ClientRefusal | null>;
  readonly report: (request: FastifyRequest, refusal: ClientRefusal) => void;
  /** Ends a connection on which something came that is no request. */
  readonly breakOff: (error: NodeJS.ErrnoException, socket: Socket) => void;
  /** The page for people. */
  readonly page: PageDocument;
  readonly liveCounts: () => LiveCounts;
  readonly counts: ServerCounts;
  /** The certificate of this moment. */
  readonly serverCertificate: () => ServerCertificate;
  /** Of this program. */
  readonly version: string;
  /** What is in the way of the server's work; nothing where it is ready. */
  readonly impediments: () => Promise<readonly Impediment[]>;
}
