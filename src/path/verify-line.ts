import type { PathResult, Refusal } from './path-result.js';
import { refusal } from './path-result.js';
import { ReadCache, readPemCertificate } from './read-cache.js';
import { type ReadRequest, verifyRead } from './verify-certificate.js';
import type { PolicyInputs, Profile, Purpose, ReferenceName } from './verify-options.js';

/** Answers the lines of `verify --batch`, one JSON object each; what lines share is read and checked once.
 *  @param now the moment to judge at where a line says null; the caller owns the clock */
export function batchAnswerer(now: () => Date): (line: string) => string {
  const cache = new ReadCache();
  return (line) => answerBatchLine(line, now(), cache);
}

/** Answers one line of `verify --batch` with another. Never throws: what cannot be read is `malformed-input`. */
export function answerBatchLine(line: string, now: Date, cache: ReadCache = new ReadCache()): string {
  const read = readLine(line);
  if ('reason' in read) return JSON.stringify({ id: null, ok: false, ...read, certificate: null });
  const request = toRequest(read.fields, now, cache);
  const { id } = read;
  if ('reason' in request) return JSON.stringify({ id, ok: false, ...request, certificate: null });
  return JSON.stringify({ id, ...toAnswer(verifyRead(request)) });
}

function toAnswer(result: PathResult): Record<string, unknown> {
  if (result.ok) return { ok: true, path: result.fingerprints, notes: result.notes };
  const { reason, message, certificate } = result;
  return { ok: false, reason, message, certificate };
}

interface Line {
  readonly id: unknown;
  readonly fields: Record<string, unknown>;
}

function readLine(line: string): Line | Refusal {
  try {
    const fields: unknown = JSON.parse(line);
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
      return refusal('malformed-input', 'the line is no JSON object');
    }
    const { id = null } = fields as { id?: unknown };
    return { id, fields: fields as Record<string, unknown> };
  } catch {
    return refusal('malformed-input', 'the line is no JSON');
  }
}

function toRequest(fields: Record<string, unknown>, now: Date, cache: ReadCache): ReadRequest | Refusal {
  const {
    leaf,
    trusted,
    untrusted = [],
    crls = [],
    names = [],
    purpose = 'any',
    profile = 'rfc5280',
  } = fields;
  const { maxDepth = null, policy = null, requireCrl = false } = fields;
  const at = toTime(fields['at'] ?? null, now);
  if (typeof leaf !== 'string') return malformed('leaf is no PEM text');
  if (!isList(trusted, isText)) return malformed('trusted is no list of PEM texts');
  if (!isList(untrusted, isText)) return malformed('untrusted is no list of PEM texts');
  if (!isList(crls, isText)) return malformed('crls is no list of PEM texts');
  if (!isList(names, isName)) return malformed('names is no list of {"type": "dns"|"ip"|"email", "value"}');
  if (!isPurpose(purpose)) return malformed('purpose is none of server, client, any');
  if (!isProfile(profile)) return malformed('profile is neither rfc5280 nor webpki');
  if (maxDepth !== null && !isCount(maxDepth)) return malformed('maxDepth is no whole number from 0 on');
  if (policy !== null && !isPolicy(policy)) return malformed('policy is not what it should be');
  if (typeof requireCrl !== 'boolean') return malformed('requireCrl is neither true nor false');
  if (at === null) return malformed('at is no ISO 8601 time');
  const read = readPemCertificate(leaf);
  const lists = {
    trusted: trusted.map((pem) => cache.certificate(pem)),
    untrusted: untrusted.map((pem) => cache.certificate(pem)),
    crls: crls.map((pem) => cache.crl(pem)),
  };
  const broken = [read, ...lists.trusted, ...lists.untrusted, ...lists.crls].find(isMalformed);
  if (broken !== undefined) return broken;
  return {
    leaf: read,
    ...lists,
    at,
    purpose,
    names,
    maxDepth,
    profile,
    policy,
    requireCrl,
  };
}

/** What is no PEM at all; what is PEM, but no certificate or CRL, is judged by itself. */
function isMalformed(read: object): read is Refusal {
  return 'reason' in read && read.reason === 'malformed-input';
}

function malformed(message: string): Refusal {
  return refusal('malformed-input', message);
}

function toTime(value: unknown, now: Date): Date | null {
  if (value === null) return now;
  if (typeof value !== 'string' || !ISO_8601.test(value)) return null;
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? null : time;
}

function isList<T>(value: unknown, is: (one: unknown) => one is T): value is T[] {
  return Array.isArray(value) && value.every(is);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isName(value: unknown): value is ReferenceName {
  const { type, value: text } = (value ?? {}) as { type?: unknown; value?: unknown };
  return isText(text) && (type === 'dns' || type === 'ip' || type === 'email' || type === 'uri');
}

function isPurpose(value: unknown): value is Purpose {
  return value === 'server' || value === 'client' || value === 'any';
}

function isProfile(value: unknown): value is Profile {
  return value === 'rfc5280' || value === 'webpki';
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

function isPolicy(value: unknown): value is PolicyInputs {
  const { initialSet, requireExplicit, inhibitMapping, inhibitAny } = value as Record<string, unknown>;
  const flags = [requireExplicit, inhibitMapping, inhibitAny];
  return isList(initialSet, isText) && flags.every((flag) => typeof flag === 'boolean');
}

const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
