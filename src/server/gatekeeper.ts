import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { mayDo } from './access-rules.js';
import { type Answer, bodyText, errorAnswer, refusalAnswer } from './answer.js';
import { NO_CERTIFICATE, serverRefusal } from './client-refusal.js';
import { type Identity, identityOf } from './identity.js';
import { accepts } from './page/accepts.js';
import { refusedPage } from './page/refused-page.js';
import { requestPath } from './request-path.js';
import type { ServerContext } from './server-context.js';

type Limit = { readonly isAllowed: true } | Measured;
interface Measured {
  readonly isAllowed: false;
  readonly isExceeded: boolean;
  readonly max: number;
  readonly remaining: number;
  readonly ttlInSeconds: number;
}

/** Asked before anything else of a request is read, its body included: whether the client still stands, how often it came, and
 *  whether it may do this. Who it is comes from the verified certificate alone: no header, path or parameter has a say. */
export function gatekeeper(
  app: FastifyInstance,
  context: ServerContext,
): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  const measure = rateMeter(app, context);
  return async (request, reply) => {
    const client = context.clientOf(request);
    const refusal = client === undefined ? null : await context.standing(client);
    if (refusal !== null) {
      context.report(request, refusal);
      return refuse(reply.header('connection', 'close'), refusalAnswer(refusal), context);
    }
    const identity = client === undefined ? null : identityOf(client);
    const limit = await measure(request, reply);
    if (limit !== null) {
      context.report(request, serverRefusal('rate-limited', limit.message, limit.fix, client?.leaf));
      return refuse(reply, errorAnswer(429, 'rate-limited', limit.message, limit.fix), context);
    }
    const path = requestPath(request.originalUrl);
    if (path === null) return refuse(reply, AMBIGUOUS_PATH, context);
    if (mayDo(context.access(), identity, request.method, path)) return undefined;
    const denied = denial(identity, request.method, path, client?.leaf ?? null);
    context.report(request, denied);
    return refuse(reply, refusalAnswer(denied), context);
  };
}

/** What a client is refused by its rate, or null; the header fields say where it stands either way. */
function rateMeter(
  app: FastifyInstance,
  { rateLimit, clientOf }: ServerContext,
): (request: FastifyRequest, reply: FastifyReply) => Promise<{ message: string; fix: string } | null> {
  if (rateLimit === 'off') return async () => null;
  const { requests, windowMs } = rateLimit;
  const measure = app.createRateLimit({
    max: requests,
    timeWindow: windowMs,
    keyGenerator: (request) => {
      const client = clientOf(request);
      return client === undefined ? `address:${request.ip}` : identityOf(client).key;
    },
  });
  return async (request, reply) => {
    const limit: Limit = await measure(request);
    if (limit.isAllowed) return null;
    const { max, remaining, ttlInSeconds, isExceeded } = limit;
    reply.headers({
      'ratelimit-limit': max,
      'ratelimit-remaining': remaining,
      'ratelimit-reset': ttlInSeconds,
      'ratelimit-policy': `${requests};w=${Math.ceil(windowMs / 1000)}`,
    });
    if (!isExceeded) return null;
    reply.header('retry-after', ttlInSeconds);
    return {
      message: `more than ${requests} requests in ${windowMs / 1000} s`,
      fix: `wait ${ttlInSeconds} s, as Retry-After says`,
    };
  };
}

function denial(
  identity: Identity | null,
  method: string,
  path: string,
  leaf: Parameters<typeof serverRefusal>[3],
): ReturnType<typeof serverRefusal> {
  if (identity === null) return NO_CERTIFICATE;
  return serverRefusal(
    'not-allowed',
    `${identity.name} may not ${method} ${path}`,
    'whoever runs this server can allow it with a rule: `sslapi serve --access FILE`',
    leaf,
  );
}

/** What was refused before its body was read ends the connection where there is one. A browser is shown a page. */
function refuse(reply: FastifyReply, answer: Answer, { page }: ServerContext): FastifyReply {
  const { headers: sent, method } = reply.request;
  const hasBody = sent['transfer-encoding'] !== undefined || Number(sent['content-length'] ?? 0) > 0;
  if (hasBody) reply.header('connection', 'close');
  const isPage = method === 'GET' && accepts(sent.accept, 'text/html');
  const { status, body, headers = {} } = isPage ? refusedPage(page, answer) : answer;
  return reply
    .code(status)
    .headers(headers)
    .serializer(isPage ? String : bodyText)
    .send(body);
}

const AMBIGUOUS_PATH = errorAnswer(
  400,
  'path-ambiguous',
  'the path can be read in two ways',
  'write it without //, dot segments, ";", backslashes and encoded slashes',
);
