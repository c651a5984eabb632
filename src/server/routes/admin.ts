import type { FastifyInstance } from 'fastify';
import type { ServerContext } from '../server-context.js';

/** `/admin`: how the server stands. Nobody may look unless a rule says so. */
export function adminRoutes(app: FastifyInstance, context: ServerContext): void {
  const startedAt = new Date();
  app.get('/admin', { schema: { summary: 'How the server stands' } }, (_request, reply) => {
    const { clientAuth, rateLimit, limits, liveCounts } = context;
    return reply.send({
      startedAt: startedAt.toISOString(),
      clientAuth,
      rateLimit,
      limits,
      counts: liveCounts(),
    });
  });
}
