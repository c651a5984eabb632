import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { type AccessRules, mayDo } from './access-rules.js';
import { type Answer, bodyText, errorAnswer, JSON_TYPE, refusalAnswer } from './answer.js';
import { NO_CERTIFICATE, serverRefusal } from './client-refusal.js';
import type { Identity } from './identity.js';
import type { VerifiedClient } from './judge-client.js';
import { lingerAfterAnswer } from './last-words.js';
import { accepts } from './page/accepts.js';
import { refusedPage } from './page/refused-page.js';
import { RateMeter } from './rate-meter.js';
import { requestPath } from './request-path.js';
import type { ServerContext } from './server-context.js';
import type { ClientRefusal } from './server-event.js';

type Gatekeeper = (request: FastifyRequest, reply: FastifyReply, letThrough: HookHandlerDoneFunction) => void;

/** Asked before anything else of a request is read, its body included: whether the client still stands, how often it came, and
 *  whether it may do this. Who it is comes from the verified certificate alone: no header, path or parameter has a say. */
export function gatekeeper(context: ServerContext): Gatekeeper {
  const { clientOf, standing } = context;
  const measure = rateMeter(context);
  return (request, reply, letThrough) => {
    const client = clientOf(request);
    const decide = (refusal: ClientRefusal | null) => {
      const answer = refusal === null ? measure(request, reply, client) : outcast(request, reply, refusal);
      const denied = answer ?? denial(request, client, context);
      if (denied !== null) return refuse(reply, denied, context);
      if (request.headers.expect !== undefined) reply.raw.writeContinue(); // it asks before it sends its body
      letThrough();
    };
    const stands = client === undefined ? null : standing(client, request.arrivedAt);
    if (stands instanceof Promise) stands.then(decide).catch(letThrough);
    else decide(stands);
  };

  function outcast(request: FastifyRequest, reply: FastifyReply, refusal: ClientRefusal): Answer {
    context.report(request, refusal);
    reply.header('connection', 'close');
    return refusalAnswer(refusal);
  }
}

/** What a client is refused by its rate, or null; the header fields say where it stands either way. */
function rateMeter({
  rateLimit,
  report,
}: ServerContext): (
  request: FastifyRequest,
  reply: FastifyReply,
  client: VerifiedClient | undefined,
) => Answer | null {
  if (rateLimit === 'off') return () => null;
  const { requests, windowMs } = rateLimit;
  const meter = new RateMeter(rateLimit);
  const limit = String(requests);
  const policy = `${requests};w=${Math.ceil(windowMs / 1000)}`;
  return (request, reply, client) => {
    const caller = client === undefined ? `address:${request.ip}` : client.identity.key;
    const { isExceeded, remaining, resetSeconds } = meter.measure(caller, request.arrivedAt.unix);
    reply
      .header('ratelimit-limit', limit)
      .header('ratelimit-remaining', String(remaining))
      .header('ratelimit-reset', String(resetSeconds))
      .header('ratelimit-policy', policy);
    if (!isExceeded) return null;
    const message = `more than ${requests} requests in ${windowMs / 1000} s`;
    const fix = `wait ${resetSeconds} s, as Retry-After says`;
    report(request, serverRefusal('rate-limited', message, fix));
    return errorAnswer(429, 'rate-limited', message, fix, { 'retry-after': String(resetSeconds) });
  };
}

/** What the rules refuse, or null. */
function denial(
  request: FastifyRequest,
  client: VerifiedClient | undefined,
  { access, report }: ServerContext,
): Answer | null {
  const refusal = objection(request, client, access());
  if (refusal === null) return null;
  report(request, refusal);
  return refusalAnswer(refusal);
}

function objection(
  { raw, originalUrl, method }: FastifyRequest,
  client: VerifiedClient | undefined,
  rules: AccessRules,
): ClientRefusal | null {
  if (!hasOneHost(raw)) return serverRefusal('host-ambiguous', ...ONE_HOST);
  const path = requestPath(originalUrl);
  if (path === null) return serverRefusal('path-ambiguous', ...ONE_PATH);
  const { expect } = raw.headers;
  if (expect !== undefined && expect.toLowerCase() !== '100-continue')
    return serverRefusal('expectation-unknown', ...NO_EXPECTATION);
  const identity = client?.identity ?? null;
  if (mayDo(rules, identity, method, path)) return null;
  return identity === null ? NO_CERTIFICATE : notAllowed(identity, method, path);
}

/** RFC 9112 §3.2; HTTP/1.0 knew none. Node keeps the first of several and says nothing. */
function hasOneHost({ rawHeaders, httpVersionMinor }: IncomingMessage): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (rawHeaders[at]!.length === 4 && rawHeaders[at]!.toLowerCase() === 'host') hosts += 1;
  return hosts === 1 || (hosts === 0 && httpVersionMinor === 0);
}

function notAllowed({ name }: Identity, method: string, path: string): ClientRefusal {
  return serverRefusal(
    'not-allowed',
    `${name} may not ${method} ${path}`,
    'whoever runs this server can allow it with a rule: `sslapi serve --access FILE`',
  );
}

/** What was refused before its body was read ends the connection where there is one, and so does what another on the way could
 *  have read otherwise. A browser is shown a page. */
function refuse(reply: FastifyReply, answer: Answer, { page }: ServerContext): void {
  const { headers: sent, method } = reply.request;
  const hasBody = sent['transfer-encoding'] !== undefined || Number(sent['content-length'] ?? 0) > 0;
  if (hasBody || answer.status === 400) reply.header('connection', 'close');
  if (hasBody) lingerAfterAnswer(reply.request.raw.socket);
  const isPage = method === 'GET' && accepts(sent.accept, 'text/html');
  const { status, body, headers = {} } = isPage ? refusedPage(page, answer) : answer;
  reply
    .code(status)
    .type(JSON_TYPE)
    .headers(headers)
    .serializer(isPage ? String : bodyText)
    .send(body);
}

const ONE_PATH = [
  'the path can be read in two ways',
  'write it without //, dot segments, ";", backslashes and encoded slashes',
] as const;
/** RFC 9110 §10.1.1 */
const NO_EXPECTATION = ['no expectation is known but 100-continue', 'send no other Expect field'] as const;
const ONE_HOST = ['there is not one Host field', 'send one Host field (RFC 9112 §3.2)'] as const;
