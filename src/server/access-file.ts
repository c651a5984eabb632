import { readFileSync } from 'node:fs';
import { SslapiError } from '../errors.js';
import { nearest } from '../policy/nearest.js';
import { parseJson } from '../policy/parse-json.js';
import { pointerTo, type SchemaFault, schemaFaults } from '../policy/schema-faults.js';
import { type AccessDocument, type AccessRules, accessRules } from './access-rules.js';
import { ACCESS_SCHEMA } from './access-schema.js';
import { isNoAddress, isOfUnknownKind, KINDS } from './identity.js';
import { requestPath } from './request-path.js';

/** Reads the rules of `--access`. @throws SslapiError ERR_ACCESS_INVALID, which says where */
export function readAccessFile(path: string): AccessRules {
  const document = parsed(path);
  const misshapen = schemaFaults(document, ACCESS_SCHEMA);
  const [first, ...more] = misshapen.length > 0 ? misshapen : senseFaults(document as AccessDocument);
  if (first === undefined) return accessRules(document as AccessDocument);
  const { pointer, message, unknown } = first;
  const others = more.length === 0 ? '' : `; and ${more.length} more`;
  const meant = unknown && nearest(unknown.word, unknown.known);
  throw invalid(
    `${path}: at ${pointer === '' ? 'the top' : pointer}: ${message}${others}`,
    meant === undefined ? {} : { hint: `Did you mean ${meant}?` },
  );
}

/** What a schema cannot say: whom each rule is for. A name that is nobody's would make a rule that denies deny nobody. */
function senseFaults({ groups = {}, rules }: AccessDocument): SchemaFault[] {
  const members = Object.entries(groups).flatMap(([name, group]) =>
    group.flatMap((member, at) => [
      ...(NO_NAMES.has(member)
        ? [nobody(member, pointerTo(pointerTo('/groups', name), at), 'give it a rule of its own, or')]
        : []),
      ...strangeName(member, pointerTo(pointerTo('/groups', name), at)),
    ]),
  );
  const named = rules.flatMap(({ identity = '' }, at) =>
    strangeName(identity, `${pointerTo('/rules', at)}/identity`),
  );
  const aimless = rules.flatMap(({ identity, group }, at): SchemaFault[] => {
    const pointer = pointerTo('/rules', at);
    if ((identity === undefined) === (group === undefined))
      return [{ pointer, message: 'it takes either "identity" or "group"' }];
    if (group === undefined || Object.hasOwn(groups, group)) return [];
    const unknown = { word: group, known: Object.keys(groups) };
    return [{ pointer: `${pointer}/group`, message: `there is no group "${group}"`, unknown }];
  });
  const pathless = rules.flatMap(({ paths }, at) =>
    paths.flatMap((path, index): SchemaFault[] => {
      const pointer = pointerTo(`${pointerTo('/rules', at)}/paths`, index);
      return isEverAsked(path)
        ? []
        : [{ pointer, message: `"${path}" is no path that is ever asked for${PLAINLY}` }];
    }),
  );
  return [...members, ...named, ...aimless, ...pathless];
}

/** Whether a request could have it as its path, once read: what is encoded is decoded then, and what can be read in two ways is
 *  refused. A rule that denies another path would deny nothing. */
function isEverAsked(pattern: string): boolean {
  const path = pattern.replace(/\*$/, 'x');
  return pattern === '*' || requestPath(path) === path;
}

function strangeName(name: string, pointer: string): SchemaFault[] {
  if (isNoAddress(name)) return [{ pointer, message: `"${name}" is no IP address` }];
  return isOfUnknownKind(name) ? [nobody(name, pointer, `begin with one of ${KINDS.join(' ')}, or`)] : [];
}

function nobody(name: string, pointer: string, advice: string): SchemaFault {
  return { pointer, message: `"${name}" is nobody's name: ${advice} write CN:${name}` };
}

function parsed(path: string): unknown {
  try {
    return parseJson(readFileSync(path));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw invalid(`${path} ${code === undefined ? message : `cannot be read (${code})`}`, { cause });
  }
}

function invalid(message: string, options: { hint?: string; cause?: unknown }): SslapiError {
  return new SslapiError('ERR_ACCESS_INVALID', message, options);
}

const PLAINLY = ': write it decoded, without //, dot segments, ";", backslashes and blanks';
/** What a rule takes for more than one identity, or for none. */
const NO_NAMES: ReadonlySet<string> = new Set(['*', 'anonymous']);
