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

/** How deep brackets lie in one another, told without parsing and octet by octet, so that no text takes longer than its length;
 *  brackets in strings do not count. */
export function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at];
    if (isInString) {
      if (character === '\\') at += 1;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']') depth -= 1;
  }
  return deepest;
}

/** The code of an error that says that a body is no JSON that is taken here. */
export const INVALID_JSON = 'INVALID_JSON';

function badJson(what: string): Error & { statusCode: number; code: string } {
  return Object.assign(new Error(`the body ${what}`), { statusCode: 400, code: INVALID_JSON });
}
