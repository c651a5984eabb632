import { SslapiError } from '../errors.js';
import type { RateLimit } from '../server/server-settings.js';
import { parseDuration } from './parse-duration.js';

/** Reads `600/1m`, `10/1s` or `off`. @throws SslapiError ERR_RATE_LIMIT_INVALID */
export function parseRateLimit(text: string): RateLimit | 'off' {
  if (text.trim() === 'off') return 'off';
  const [, requests, span] = /^([1-9]\d{0,8})\/(\d{1,9}[smhd])$/.exec(text.trim()) ?? [];
  if (requests === undefined || span === undefined)
    throw new SslapiError('ERR_RATE_LIMIT_INVALID', `"${text}" is no rate limit`);
  return { requests: Number(requests), windowMs: parseDuration(span) * 1000 };
}
