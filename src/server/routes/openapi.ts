import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';

/** `/openapi.json`: the API as OpenAPI 3.1 describes it, made of the same schemas that requests are held against. */
export function openapiRoutes(app: FastifyInstance): void {
  let document: string | null = null;
  app.get('/openapi.json', { schema: { summary: 'This API, described' } }, (_request, reply) => {
    document ??= JSON.stringify(withRefusals(app.swagger() as Described), null, 2); // no route comes after the start
    return reply.type('application/json; charset=utf-8').send(`${document}\n`);
  });
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

interface Described {
  readonly components?: { readonly schemas?: object };
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
interface Operation {
  readonly parameters?: unknown;
  readonly requestBody?: unknown;
  readonly responses?: object;
}

/** Refusals are the same everywhere, so they are described once. */
function withRefusals(described: Described): object {
  const { paths = {}, components = {} } = described;
  const refer = (status: string) => [status, { $ref: `#/components/responses/${status}` }];
  const describedWith = (operation: Operation): object => {
    const takes = operation.parameters !== undefined || operation.requestBody !== undefined;
    const statuses = [
      ...(takes ? ['400'] : []),
      '401',
      '403',
      ...(operation.requestBody === undefined ? [] : ['413', '415']),
      '429',
      '503',
    ];
    return {
      ...operation,
      responses: { ...operation.responses, ...Object.fromEntries(statuses.map(refer)) },
    };
  };
  return {
    ...described,
    components: { ...components, schemas: { ...components.schemas, Error: ERROR }, responses: REFUSALS },
    paths: Object.fromEntries(
      Object.entries(paths).map(([path, operations]) => [
        path,
        Object.fromEntries(
          Object.entries(operations).map(([method, operation]) => [method, describedWith(operation)]),
        ),
      ]),
    ),
  };
}

const TEXT = { type: 'string' };
const ERROR = {
  description: 'What every refusal says.',
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'hint'],
      properties: { code: TEXT, message: TEXT, hint: TEXT },
    },
  },
};
const refusal = (description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
});
const REFUSALS = {
  400: refusal('The request is not what its schema wants; the message names the field.'),
  401: refusal('No client certificate was presented.'),
  403: refusal('The client certificate is not accepted, or no rule allows this.'),
  413: refusal('The body is too large.'),
  415: refusal('The body is not JSON.'),
  429: {
    ...refusal('Too many requests in too short a time.'),
    headers: { 'Retry-After': { description: 'How many seconds to wait.', schema: { type: 'integer' } } },
  },
  503: refusal('The server cannot tell now whether the certificate is revoked, or cannot use its store.'),
};
