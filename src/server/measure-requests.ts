import { performance } from 'node:perf_hooks';
import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.js';
import type { ServerCounts } from './server-counts.js';

/** Counts every request by the pattern of its route, never by its path, and times it until its answer is made; refused ones
 *  too, so this has to come before who refuses. A stream is counted when it begins. */
export function measureRequests(
  app: FastifyInstance,
  { answered }: Pick<ServerCounts, 'answered'>,
  { observe }: Pick<Metrics, 'observe'>,
): void {
  app.decorateRequest('startedAt', 0);
  app.addHook('onRequest', (request, _reply, go) => {
    request.startedAt = performance.now();
    go();
  });
  app.addHook('onSend', ({ method, routeOptions, startedAt }, { statusCode }, payload, go) => {
    answered.add(METHODS.has(method) ? method : 'other', routeOptions.url ?? 'none', String(statusCode));
    observe((performance.now() - startedAt) / 1000);
    go(null, payload);
  });
}

declare module 'fastify' {
  interface FastifyRequest {
    /** By the monotonic clock, in milliseconds. */
    startedAt: number;
  }
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
