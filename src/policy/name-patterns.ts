/** Whether a DNS name, which may be a wildcard, matches a pattern in which `*` stands for one label or a part of one and
 *  `**` for any number of labels. A wildcard stands for every label, so only a pattern that takes them all takes it. */
export function matchesDnsPattern(name: string, pattern: string): boolean {
  if (pattern === '*') return true;
  const source = pattern
    .toLowerCase()
    .split(/(\*{2,}|\*)/)
    .map((piece) => (piece === '*' ? '[^.]+' : piece.startsWith('**') ? '.+' : escaped(piece)));
  return new RegExp(`^${source.join('')}$`).test(name.toLowerCase());
}

/** Whether a mail address matches `host`, with `*` as in DNS names, or a whole address. The part before the @ keeps its case. */
export function matchesMailPattern(mailbox: string, pattern: string): boolean {
  if (pattern === '*') return true;
  const at = mailbox.lastIndexOf('@');
  const host = mailbox.slice(at + 1);
  if (!pattern.includes('@')) return matchesDnsPattern(host, pattern);
  const split = pattern.lastIndexOf('@');
  const samePerson = mailbox.slice(0, at) === pattern.slice(0, split);
  return samePerson && host.toLowerCase() === pattern.slice(split + 1).toLowerCase();
}

/** Whether a URI is that one or lies below it: spiffe://acme/api takes spiffe://acme/api/7, but neither
 *  spiffe://acme/apix nor, by a dot segment (RFC 3986 §5.2.4), spiffe://acme/api/../root. */
export function matchesUriPrefix(uri: string, prefix: string): boolean {
  if (prefix === '*' || uri === prefix) return true;
  if (!uri.startsWith(prefix) || DOT_SEGMENT.test(uri)) return false;
  return prefix.endsWith('/') || '/?#'.includes(uri.charAt(prefix.length));
}

/** Whether a text matches a pattern in which `*` stands for any characters. */
export function matchesTextPattern(text: string, pattern: string): boolean {
  return new RegExp(`^${pattern.split(/\*+/).map(escaped).join('.*')}$`, 'su').test(text);
}

function escaped(text: string): string {
  return text.replace(/[.+^${}()|[\]\\?/*]/g, '\\$&');
}

const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:[/?#]|$)/i;
