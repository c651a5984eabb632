/** Whether If-Match names it: by strong comparison, so that a weak tag names nothing (RFC 9110 §13.1.1). */
export function isMatched(tags: string, etag: string): boolean {
  return tags.split(',').some((tag) => ['*', etag].includes(tag.trim()));
}

/** Whether If-None-Match names it: by weak comparison (RFC 9110 §13.1.2). */
export function isKnown(tags: string, etag: string): boolean {
  return tags.split(',').some((tag) => isMatched(tag.trim().replace(/^W\//, ''), etag));
}
