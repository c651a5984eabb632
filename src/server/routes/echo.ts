import type { FastifyInstance } from 'fastify';
import type { ServerContext } from '../server-context.js';

/** `/echo`: says again what it is told, where it is told so by the rules of its schema. */
export function echoRoutes(app: FastifyInstance, { clientOf }: ServerContext): void {
  const schema = { summary: 'Says again what you tell it', body: ECHO };
  app.post('/echo', { schema }, (request, reply) => {
    const client = clientOf(request);
    const identity = client?.identity.name ?? 'anonymous';
    return reply.send({ identity, ...(request.body as object) });
  });
}

const ECHO = {
  type: 'object',
  additionalProperties: false,
  required: ['message'],
  properties: {
    message: { type: 'string', minLength: 1, maxLength: 1_000 },
    tags: { type: 'array', maxItems: 10, items: { type: 'string', minLength: 1, maxLength: 40 } },
  },
} as const;
