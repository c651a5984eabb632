import type { IncomingHttpHeaders } from 'node:http';
import { isKnown } from '../entity-tag.js';
import type { Representation } from './published-file.js';

/** What caches are told about it: for how long it may be kept, and by what it is known again. */
export function cachingHeaders(what: Representation, now: Date): Record<string, string> {
  const modified = lastModified(what, now);
  return {
    'cache-control': cacheControl(what.nextUpdate, now),
    etag: what.etag,
    ...(modified && { 'last-modified': modified.toUTCString() }),
  };
}

/** Whether the client has it already, RFC 9110 §13.1: a tag counts more than a time. */
export function isUnchanged(headers: IncomingHttpHeaders, what: Representation, now: Date): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined) return isKnown(tags, what.etag);
  const since = headers['if-modified-since'];
  // The very time, not one after it: a file that was put back from a backup is older, and another.
  return since !== undefined && Date.parse(since) === lastModified(what, now)?.getTime();
}

/** Not told before its second is over, for a second CRL may come in the same one. */
function lastModified({ modified }: Representation, now: Date): Date | null {
  return modified.getTime() + 1_000 <= now.getTime() ? modified : null;
}

function cacheControl(nextUpdate: Date | null, now: Date): string {
  const left = nextUpdate === null ? MAX_AGE_S : Math.floor((nextUpdate.getTime() - now.getTime()) / 1_000);
  return left > 0 ? `public, max-age=${Math.min(left, MAX_AGE_S)}` : 'no-cache';
}

/** A revocation shall not wait longer in somebody's cache. */
const MAX_AGE_S = 300;
