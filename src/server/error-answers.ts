import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SslapiError } from '../errors.js';
import { type Answer, bodyText, errorAnswer, JSON_TYPE } from './answer.js';
import { serverRefusal } from './client-refusal.js';
import { fieldFault } from './field-fault.js';
import { lingerAfterAnswer } from './last-words.js';
import { INVALID_JSON, UNKNOWN_CODING } from './read-json.js';
import type { ServerContext } from './server-context.js';
import type { ServerRefusalCode } from './server-event.js';

/** Every way in which a request is wrong gets a clear answer in one form, and a line in the log; what is our own fault says nothing
 *  of how, but to the log. */
export function answerErrors(app: FastifyInstance, { report }: ServerContext): void {
  const routes: Route[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push({ method: one, path: url.split('/') });
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const fault = faultOf(error);
    const { status, code, message, hint, headers } = fault;
    report(request, serverRefusal(code, fault.toLog ?? message, hint));
    if (headers?.['connection'] === 'close') lingerAfterAnswer(request.raw.socket);
    return send(reply, errorAnswer(status, code, message, hint, headers));
  });
  app.setNotFoundHandler((request, reply) => send(reply, nothingThere(routes, request)));
}

interface Route {
  readonly method: string;
  readonly path: readonly string[];
}

/** What is wrong with a request, or with us. */
interface Fault {
  readonly status: number;
  readonly code: ServerRefusalCode;
  readonly message: string;
  readonly hint: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What only the log says. */
  readonly toLog?: string;
}

function send(reply: FastifyReply, { status, body, headers = {} }: Answer): FastifyReply {
  return reply.code(status).type(JSON_TYPE).headers(headers).serializer(bodyText).send(body);
}

function faultOf(error: FastifyError | SslapiError): Fault {
  if (error instanceof SslapiError)
    return {
      status: 503,
      code: 'store-unavailable',
      message: 'the store cannot be read or written now',
      hint: 'try again; where it stays so, see the log of the server',
      headers: { 'retry-after': '1' },
      toLog: `the store cannot be read or written: ${error.message}`,
    };
  if (error.validation !== undefined) return { status: 400, code: 'invalid-input', ...fieldFault(error) };
  const known = KNOWN[error.code];
  if (known !== undefined) return known;
  const { statusCode = 500, message } = error;
  if (error.code === INVALID_JSON) return { status: 400, code: 'invalid-json', message, hint: JSON_WANTED };
  if (error.code === UNKNOWN_CODING)
    return { status: 415, code: 'media-type-unknown', message, hint: CODING_WANTED };
  if (statusCode < 500)
    return { status: statusCode, code: 'bad-request', message, hint: 'see /openapi.json' };
  return {
    status: 500,
    code: 'internal-error',
    message: 'the server failed at this request',
    hint: 'see the log of the server',
    toLog: `the server failed: ${message}`,
  };
}

/** 405 where the path is there for other methods, else 404. */
function nothingThere(routes: readonly Route[], { url, method }: FastifyRequest): Answer {
  const asked = url.split('?', 1)[0]!.split('/');
  const allowed = routes.filter(({ path }) => isThere(path, asked)).map((route) => route.method);
  if (allowed.length === 0)
    return errorAnswer(
      404,
      'not-found',
      'there is nothing here',
      'try /whoami, or /openapi.json for all there is',
    );
  const allow = [...new Set(allowed)].join(', ');
  return errorAnswer(405, 'method-not-allowed', `${method} is not allowed here`, `use ${allow}`, { allow });
}

function isThere(path: readonly string[], asked: readonly string[]): boolean {
  return path.length === asked.length && path.every((part, at) => part.startsWith(':') || part === asked[at]);
}

const JSON_WANTED = 'send a JSON document';
const CODING_WANTED = 'send it in UTF-8, and as it is';
const KNOWN: Readonly<Record<string, Fault>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    code: 'body-too-large',
    message: 'the body is too large',
    hint: 'send less at a time',
    headers: { connection: 'close' },
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'media-type-unknown',
    message: 'the body is not JSON by its Content-Type',
    hint: 'send Content-Type: application/json',
    headers: { connection: 'close' }, // it is not read
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    code: 'bad-request',
    message: 'the body is not as long as Content-Length says',
    hint: 'send it whole',
  },
};
