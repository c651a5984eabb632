import { SslapiError } from '../errors.js';

/** A span of time in seconds, or an instant: what people write for "until when". */
export type DurationOrInstant = { readonly seconds: number } | { readonly instant: Date };

/** Reads `15m 12h 90d 8w 1y` (a year has 365 days) as seconds. @throws SslapiError ERR_DURATION_INVALID */
export function parseDuration(text: string): number {
  const [, count, unit] = /^(\d{1,9})([smhdwy])$/.exec(text.trim()) ?? [];
  const seconds = Number(count) * (SECONDS[unit ?? ''] ?? 0);
  if (!(seconds > 0)) throw new SslapiError('ERR_DURATION_INVALID', `"${text}" is no duration`);
  return seconds;
}

/** Reads a duration, or an ISO 8601 instant or day. */
export function parseDurationOrInstant(text: string): DurationOrInstant {
  return /^\d{4}-/.test(text.trim()) ? { instant: parseInstant(text) } : { seconds: parseDuration(text) };
}

/** Reads an ISO 8601 instant; a day alone is its first second in UTC. */
export function parseInstant(text: string): Date {
  const [, day, time, zone] = ISO.exec(text.trim()) ?? [];
  const date = new Date(`${day ?? ''}T${time ?? '00:00:00'}${zone ?? 'Z'}`);
  const real =
    day !== undefined &&
    !Number.isNaN(date.getTime()) &&
    new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  if (!real) throw new SslapiError('ERR_DURATION_INVALID', `"${text}" is no instant`);
  return date;
}

/** Reads an instant that has come: nobody knows today that a key will be stolen tomorrow. */
export function parsePastInstant(text: string): Date {
  const instant = parseInstant(text);
  if (instant <= new Date()) return instant;
  throw new SslapiError('ERR_DURATION_INVALID', `"${text}" lies in the future`, {
    hint: 'Write the instant since when the key is held to be compromised: 2026-03-01T00:00:00Z.',
  });
}

/** A whole number of days, 1 and more. */
export function parseDays(text: string): number {
  const days = Number(/^\d{1,7}$/.test(text) ? text : Number.NaN);
  if (!(days >= 1))
    throw new SslapiError('ERR_DURATION_INVALID', `"${text}" is no number of days`, {
      hint: 'Write a whole number from 1 on: --days 90.',
    });
  return days;
}

/** The moment that lies a duration after `now`, or the instant itself. */
export function momentAfter(now: Date, wish: DurationOrInstant): Date {
  return 'instant' in wish ? wish.instant : new Date(now.getTime() + wish.seconds * 1000);
}

const SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};
const ISO = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;
