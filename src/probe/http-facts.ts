import type { HttpAnswer } from '../tls/http-response.js';
import type { PlainOutcome } from '../tls/plain-http.js';
import type { RequestOutcome } from '../tls/request-outcome.js';
import type { RequestVersion } from './observations.js';

/** What an endpoint makes of HTTP. */
export interface HttpFacts {
  /** Answers over TLS, one for each path that was answered by HTTP: to a known client where one was presented. */
  readonly answers: readonly PageAnswer[];
  /** What port 80 answers. */
  readonly plain: PlainFacts;
}

export interface PageAnswer {
  readonly path: string;
  readonly answer: HttpAnswer;
}

/** Answers of port 80 by path, or why it was not asked. */
export type PlainFacts =
  | { readonly kind: 'asked'; readonly pages: readonly PlainPage[] }
  | { readonly kind: 'not-asked'; readonly why: string };

export interface PlainPage {
  readonly path: string;
  readonly outcome: PlainOutcome;
}

/** What came of asking for a path without a client certificate. */
export interface StrangerAnswer {
  readonly path: string;
  readonly version: RequestVersion;
  readonly outcome: RequestOutcome;
}
