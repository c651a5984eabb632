import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Answer, bodyText, errorAnswer } from './answer.js';

/** Every way in which a request is wrong gets a clear answer in one form; what is our own fault says nothing of how. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, _request, reply) => send(reply, errorOf(error)));
  app.setNotFoundHandler((request, reply) => send(reply, nothingThere(app, request)));
}

function send(reply: FastifyReply, { status, body, headers = {} }: Answer): FastifyReply {
  return reply.code(status).headers(headers).serializer(bodyText).send(body);
}

function errorOf(error: FastifyError): Answer {
  if (error.validation !== undefined) return invalidInput(error);
  const known = KNOWN[error.code];
  if (known !== undefined) return errorAnswer(...known);
  const status = error.statusCode ?? 500;
  if (status < 500) return errorAnswer(status, 'bad-request', error.message, 'see /openapi.json');
  return errorAnswer(500, 'internal-error', 'the server failed at this request', 'its log may say more');
}

function invalidInput({ validation = [], validationContext = 'body' }: FastifyError): Answer {
  const [first] = validation;
  const field = [validationContext, ...(first?.instancePath.split('/').slice(1) ?? [])].join('.');
  const { additionalProperty } = first?.params ?? {};
  const what =
    additionalProperty === undefined
      ? (first?.message ?? 'is not valid')
      : `has "${String(additionalProperty)}"`;
  return errorAnswer(
    400,
    'invalid-input',
    `${field} ${what}`,
    additionalProperty === undefined
      ? 'see /openapi.json for what is wanted'
      : 'there is no such field: see /openapi.json',
  );
}

/** 405 where the path is there for other methods, else 404. */
function nothingThere(app: FastifyInstance, { url, method }: FastifyRequest): Answer {
  const [path = ''] = url.split('?');
  const allowed = METHODS.filter((one) => app.findRoute({ method: one, url: path }) !== null);
  if (allowed.length === 0)
    return errorAnswer(
      404,
      'not-found',
      'there is nothing here',
      'try /whoami, or /openapi.json for all there is',
    );
  const allow = allowed.join(', ');
  return errorAnswer(405, 'method-not-allowed', `${method} is not allowed here`, `use ${allow}`, { allow });
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const KNOWN: Readonly<Record<string, Parameters<typeof errorAnswer>>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [
    413,
    'body-too-large',
    'the body is too large',
    'send less at a time',
    { connection: 'close' },
  ],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    415,
    'media-type-unknown',
    'the body is not JSON',
    'send Content-Type: application/json',
  ],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'invalid-json', 'the body is empty', 'send a JSON document'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    400,
    'bad-request',
    'the body is not as long as Content-Length says',
    'send it whole',
  ],
};
