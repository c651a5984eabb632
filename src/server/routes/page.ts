import type { TLSSocket } from 'node:tls';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { mayDo } from '../access-rules.js';
import type { Identity } from '../identity.js';
import { accepts } from '../page/accepts.js';
import { type Overview, overview } from '../page/overview.js';
import { OverviewStreams } from '../page/overview-streams.js';
import { type DescribedPath, type Permission, permissions } from '../page/permissions.js';
import type { ServerContext } from '../server-context.js';

/** `/`: the page for people, and for programs what there is to call. `/overview.json`: what the page shows, once, or as
 *  server-sent events for as long as the client listens; a stream counts as one request. */
export function pageRoutes(app: FastifyInstance, context: ServerContext): void {
  const { page } = context;
  const streams = new OverviewStreams(context.liveCounts);
  app.addHook('preClose', async () => streams.end());
  const look = (request: FastifyRequest) => lookFrom(request, context, describedPaths(app));

  app.get(
    '/',
    { schema: { summary: 'The page for people; for programs, what there is' } },
    (request, reply) => {
      if (accepts(request.headers.accept, 'text/html')) return reply.headers(page.headers).send(page.html);
      const { identity, permissions } = look(request);
      return reply.header('vary', 'accept').send({ identity, permissions, ...SEE_ALSO });
    },
  );

  app.get(OVERVIEW, { schema: { summary: 'What the page shows, once or as a stream' } }, (request, reply) => {
    reply.header('vary', 'accept');
    if (request.method === 'HEAD' || !accepts(request.headers.accept, EVENT_STREAM))
      return reply.send(look(request));
    const identity = whoAsks(request, context);
    const stream = streams.open({
      overview: () => look(request),
      edition: context.access,
      mayStay: () => mayDo(context.access(), identity, 'GET', OVERVIEW),
    });
    return reply.header('content-type', EVENT_STREAM).send(stream);
  });
}

function lookFrom(
  request: FastifyRequest,
  context: ServerContext,
  paths: readonly DescribedPath[],
): Overview {
  const { ca, clientAuth, rateLimit, clientOf, liveCounts } = context;
  const identity = whoAsks(request, context);
  const facts = {
    clientAuth,
    identity: identity && { name: identity.name, subjectAltName: identity.subjectAltName },
    permissions: permissionsOf(identity, context, paths),
    rateLimit:
      rateLimit === 'off' ? null : { requests: rateLimit.requests, seconds: rateLimit.windowMs / 1000 },
    counts: liveCounts(),
  };
  const sight = { socket: request.raw.socket as TLSSocket, client: clientOf(request), authority: ca() };
  return overview(facts, sight, new Date());
}

function permissionsOf(
  identity: Identity | null,
  { access }: ServerContext,
  paths: readonly DescribedPath[],
): Permission[] {
  const rules = access();
  return permissions(paths, (method, path) => mayDo(rules, identity, method, path));
}

function whoAsks(request: FastifyRequest, { clientOf }: ServerContext): Identity | null {
  return clientOf(request)?.identity ?? null;
}

/** The API as its own OpenAPI document has it, in the order in which the routes were made. */
function describedPaths(app: FastifyInstance): DescribedPath[] {
  const { paths = {} } = app.swagger();
  return Object.entries(paths).map(([path, operations]) => ({ path, operations: { ...operations } }));
}

const OVERVIEW = '/overview.json';
const EVENT_STREAM = 'text/event-stream';
const SEE_ALSO = { overview: OVERVIEW, openapi: '/openapi.json' };
