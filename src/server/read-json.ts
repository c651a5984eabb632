import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { repeatedName } from '../policy/parse-json.js';
import type { ServerLimits } from './server-settings.js';

/** Reads JSON bodies, and nothing else: in UTF-8, not packed, not deeper than allowed, with one reading only, and without
 *  `__proto__`. RFC 8259 §4 and §8.1 */
export function readJson(app: FastifyInstance, { jsonDepth }: ServerLimits): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const coding = codingFault(request.headers);
    if (coding !== null) return done(coding);
    const text = textOf(body as Buffer);
    if (text === null) return done(badJson('is not UTF-8'));
    if (depthOf(text) > jsonDepth) return done(badJson(`is deeper than ${jsonDepth}`));
    return parse(request, text, (error, value) => {
      const repeated = error ? undefined : repeatedName(text);
      if (error) done(badJson(jsonFault(text)));
      else if (repeated !== undefined) done(badJson(`has ${repeated} twice in one object`));
      else done(null, value);
    });
  });
}

/** What of its header fields says that a body is written in another way than we read it. */
function codingFault({
  'content-type': type = '',
  'content-encoding': packed = 'identity',
}: IncomingHttpHeaders): Error | null {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(type) ?? [];
  if (charset.toLowerCase() !== 'utf-8')
    return unknownCoding(`the body is in ${charset}, and UTF-8 is read here`);
  if (packed.toLowerCase() === 'identity') return null;
  return unknownCoding(`the body is packed (Content-Encoding: ${packed}), and is read as it is here`);
}

function textOf(body: Uint8Array): string | null {
  try {
    return UTF_8.decode(body);
  } catch {
    return null;
  }
}

/** Why a text was not taken as JSON. */
function jsonFault(text: string): string {
  if (text === '') return 'is empty';
  try {
    JSON.parse(text);
  } catch (error) {
    return `is no JSON: ${(error as Error).message}`;
  }
  return 'has a name that is not taken: "__proto__", or "prototype" in "constructor"';
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

/** The code of an error that says that a body is written in a way that is not read here. */
export const UNKNOWN_CODING = 'UNKNOWN_CODING';

function unknownCoding(message: string): Error & { statusCode: number; code: string } {
  return Object.assign(new Error(message), { statusCode: 415, code: UNKNOWN_CODING });
}

function badJson(what: string): Error & { statusCode: number; code: string } {
  return Object.assign(new Error(`the body ${what}`), { statusCode: 400, code: INVALID_JSON });
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });
