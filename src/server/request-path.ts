/** What follows the origin: whoever takes us for a proxy names us whole, and that has to be taken, RFC 9112 §3.2.2. */
export function withoutOrigin(url: string): string {
  if (url.startsWith('/')) return url;
  const rest = url.replace(ORIGIN, '');
  return rest === url || rest.startsWith('/') ? rest : `/${rest}`;
}

/** The path of a request as the router reads it and as rules are held against, without its query; null where two readers could
 *  read it differently: encoded or doubled slashes, dot segments, path parameters, backslashes, control characters, or what is
 *  no UTF-8. RFC 3986 §3.3 and §6.2. */
export function requestPath(url: string): string | null {
  if (url === lastUrl) return lastPath; // a request is asked about more than once
  lastPath = readPath(url);
  lastUrl = url;
  return lastPath;
}

function readPath(url: string): string | null {
  const raw = withoutOrigin(url).split(/[?#]/, 1)[0]!;
  if (!raw.startsWith('/')) return null;
  if (PLAIN.test(raw)) return raw;
  if (AMBIGUOUS.test(raw)) return null;
  try {
    const decoded = raw.includes('%') ? decodeURIComponent(raw) : raw;
    return decoded.includes('%') || AMBIGUOUS.test(decoded) ? null : decoded;
  } catch {
    return null;
  }
}

let lastUrl = '';
let lastPath: string | null = null;
const ORIGIN = /^https:\/\/[^/?#]*/i;
/** Segments that everybody reads alike. */
const PLAIN = /^(?:\/[\w-]+)+$/;
const AMBIGUOUS = /\/\/|\/\.{1,2}(\/|$)|[;\\\s\p{Cc}]|%2f|%5c/iu;
