import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import swagger from '@fastify/swagger';
import fastify, { type FastifyInstance } from 'fastify';
import { bodyText, FIXED_HEADERS } from './answer.js';
import { answerErrors } from './error-answers.js';
import { gatekeeper } from './gatekeeper.js';
import { measureRequests } from './measure-requests.js';
import { serverMetrics } from './metrics.js';
import { type Moment, momentNow } from './moment.js';
import { readJson } from './read-json.js';
import { requestPath, withoutOrigin } from './request-path.js';
import { adminRoutes } from './routes/admin.js';
import { echoRoutes } from './routes/echo.js';
import { healthRoutes } from './routes/health.js';
import { itemRoutes } from './routes/items.js';
import { metricsRoutes } from './routes/metrics.js';
import { OPENAPI, openapiRoutes } from './routes/openapi.js';
import { pageRoutes } from './routes/page.js';
import { whoamiRoutes } from './routes/whoami.js';
import type { ServerContext } from './server-context.js';
import { validateInput } from './validate-input.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** When its turn had come: its header was there, and the answer before it through. */
    arrivedAt: Moment;
  }
}

/** What answers a request of a connection that was let in. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** The demo API on a server that listens by itself.
 *  @param attach is given what answers requests, and gives the server that they come from */
export async function buildApp(
  context: ServerContext,
  attach: (handle: RequestHandler) => Server,
): Promise<FastifyInstance> {
  const { limits } = context;
  const app = fastify({
    serverFactory: (handle) => attach(handle),
    logger: false,
    genReqId: () => '', // nobody asks for it
    bodyLimit: limits.bodyBytes,
    clientErrorHandler: context.breakOff,
    return503OnClosing: false,
    exposeHeadRoutes: true,
    routerOptions: { maxParamLength: limits.headerBytes },
    // Nothing of the framework's own answers such a path: it goes the way of all requests, to the gatekeeper.
    rewriteUrl: ({ url = '' }) => (requestPath(url) === null ? AMBIGUOUS : withoutOrigin(url)),
  });
  app.setReplySerializer((payload) => bodyText(payload));
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  await app.register(swagger, OPENAPI);
  readJson(app, limits);
  validateInput(app);
  answerErrors(app, context);
  const metrics = serverMetrics(context);
  measureRequests(app, context.counts, metrics);
  app.decorateRequest('arrivedAt', null as never); // each gets its own
  const gate = gatekeeper(context);
  app.addHook('onRequest', (request, reply, go) => {
    request.arrivedAt = momentNow();
    for (const [name, value] of FIXED) reply.header(name, value);
    gate(request, reply, go); // one hook costs less than two
  });
  for (const routes of RESOURCES) routes(app, context);
  metricsRoutes(app, metrics);
  await app.ready();
  return app;
}

const RESOURCES = [
  pageRoutes,
  whoamiRoutes,
  echoRoutes,
  itemRoutes,
  adminRoutes,
  healthRoutes,
  openapiRoutes,
];
const FIXED = Object.entries(FIXED_HEADERS);
/** Where there is nothing. */
const AMBIGUOUS = '/.ambiguous';
