import type { FastifyInstance } from 'fastify';
import type { ServerLimits } from './server-settings.js';

/** Reads JSON bodies, and nothing else: not deeper than allowed, and without `__proto__`. */
export function readJson(app: FastifyInstance, { jsonDepth }: ServerLimits): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = String(body);
    if (depthOf(text) > jsonDepth) return done(badJson(`is deeper than ${jsonDepth}`));
    return parse(request, text, (error, value) =>
      error === null || error === undefined
        ? done(null, value)
        : done(badJson(`cannot be read: ${error.message}`)),
    );
  });
}

/** How deep brackets lie in one another, told without parsing; brackets in strings do not count. */
export function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of json.matchAll(STRING_OR_BRACKET)) {
    if (token === '{' || token === '[') deepest = Math.max(deepest, ++depth);
    else if (token === '}' || token === ']') depth -= 1;
  }
  return deepest;
}

function badJson(what: string): Error & { statusCode: number; code: string } {
  return Object.assign(new Error(`the body ${what}`), { statusCode: 400, code: 'INVALID_JSON' });
}

const STRING_OR_BRACKET = /"(?:[^"\\]|\\.)*"|[[\]{}]/gs;
