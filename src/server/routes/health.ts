import type { FastifyInstance } from 'fastify';
import { errorAnswer } from '../answer.js';
import type { ServerContext } from '../server-context.js';

/** `/healthz`: the server runs. `/readyz`: it can also do its work, else why not. */
export function healthRoutes(app: FastifyInstance, { impediments }: ServerContext): void {
  app.get('/healthz', { schema: { summary: 'Whether the server runs' } }, (_request, reply) =>
    reply.send({ status: 'ok' }),
  );
  app.get(
    '/readyz',
    { schema: { summary: 'Whether the server can do its work' } },
    async (_request, reply) => {
      const reasons = await impediments();
      const [first] = reasons;
      if (first === undefined) return reply.send({ status: 'ready' });
      const { status, body } = errorAnswer(503, first.code, first.message, first.fix);
      return reply.code(status).send({ status: 'not ready', ...(body as object), reasons });
    },
  );
}
