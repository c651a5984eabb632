import { SslapiError } from '../errors.js';
import { repeatedName } from '../policy/parse-json.js';

/** A JSON value in the one form that RFC 8785 (JCS) gives it: no blanks, the names of an object in the order of their UTF-16
 *  code units, numbers and strings as ECMAScript writes them.
 *  @throws SslapiError ERR_REPORT_INVALID for what has no such form: a lone surrogate, a number that is none, nesting without end */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > MAX_DEPTH) throw formless('it is nested too deeply');
  switch (typeof value) {
    case 'string':
      return canonicalString(value);
    case 'number':
      if (!Number.isFinite(value)) throw formless('a number in it is too large');
      return JSON.stringify(value);
    case 'boolean':
      return String(value);
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${value.map((one) => canonicalJson(one, depth + 1)).join(',')}]`;
      return canonicalObject(value, depth);
    default:
      throw formless(`a ${typeof value} is no value of JSON`);
  }
}

/** Reads JSON of which there is one reading only: a name that comes twice in an object is refused, RFC 8785 §3.1.
 *  @throws SslapiError ERR_REPORT_INVALID */
export function parseStrictJson(octets: Uint8Array): unknown {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
    value = JSON.parse(text);
  } catch (cause) {
    throw new SslapiError('ERR_REPORT_INVALID', 'the report is not JSON', { cause });
  }
  const repeated = repeatedName(text);
  if (repeated !== undefined) throw formless(`${repeated} comes twice in one object`);
  return value;
}

function canonicalObject(value: object, depth: number): string {
  const names = Object.keys(value).sort(); // by UTF-16 code units
  const members = names.map(
    (name) =>
      `${canonicalString(name)}:${canonicalJson((value as Record<string, unknown>)[name], depth + 1)}`,
  );
  return `{${members.join(',')}}`;
}

function canonicalString(text: string): string {
  if (LONE_SURROGATE.test(text)) throw formless('half of a surrogate pair stands in it');
  return JSON.stringify(text);
}

function formless(why: string): SslapiError {
  return new SslapiError('ERR_REPORT_INVALID', `the report has no canonical form: ${why}`);
}

const LONE_SURROGATE = /\p{Surrogate}/u;
/** A report has eight. */
const MAX_DEPTH = 64;
