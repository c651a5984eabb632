import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';

/** `/openapi.json`: the API as OpenAPI 3.1 describes it, made of the same schemas that requests are held against. */
export function openapiRoutes(app: FastifyInstance): void {
  app.get('/openapi.json', { schema: { summary: 'This API, described' } }, (_request, reply) =>
    reply.send(app.swagger()),
  );
}

/** What is not said by the routes themselves. */
export const OPENAPI: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'sslapi demo API',
      version: '1.0.0',
      description: 'An API behind mutual TLS: who calls is told by the client certificate alone.',
    },
    // OpenAPI 3.1 has mutual TLS (§4.8.27), the types of the package do not yet.
    components: { securitySchemes: { clientCertificate: { type: 'mutualTLS' } as unknown as never } },
    security: [{ clientCertificate: [] }],
  },
};
