import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../metrics.js';

/** `/metrics`: what Prometheus reads. */
export function metricsRoutes(app: FastifyInstance, metrics: Metrics): void {
  app.get('/metrics', { schema: { summary: 'Counts and times, for Prometheus' } }, async (_request, reply) =>
    reply.header('content-type', metrics.contentType).send(await metrics.text()),
  );
}
