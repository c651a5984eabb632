import type { HttpAnswer } from '../../tls/http-response.js';
import type { RequestOutcome } from '../../tls/request-outcome.js';
import { isCertificatePage } from '../refusal.js';

/** The kinds of server that there are lines for, the commonest first. */
export const SERVERS = ['nginx', 'apache', 'haproxy', 'caddy', 'envoy', 'node'] as const;
/** PostgreSQL is no server of HTTP: where it is one, it is no other. */
export type ServerKind = (typeof SERVERS)[number] | 'postgres';

/** What kind of server it seems to be, the likeliest first: by its Server field or its own page, else by the manner in which it
 *  turned strangers away. Empty where nothing tells.
 *  @param strangers what came of asking without a certificate */
export function likelyServers(
  answers: readonly HttpAnswer[],
  strangers: readonly RequestOutcome[],
): readonly ServerKind[] {
  const all = [...answers, ...strangers.flatMap(({ http }) => (http === null ? [] : [http]))];
  for (const { headers } of all) {
    const kind = PRODUCTS.find(([product]) => product.test(headers['server'] ?? ''))?.[1];
    if (kind !== undefined) return [kind];
  }
  if (all.some(isCertificatePage)) return ['nginx'];
  const alerts = strangers.flatMap(({ ended }) => (ended.kind === 'alert' ? [ended.alert] : []));
  if (alerts.includes(BAD_CERTIFICATE)) return ['caddy'];
  return alerts.length > 0 ? ['haproxy', 'apache', 'node', 'envoy'] : [];
}

/** A close without a word in answer to a bad certificate is Node's manner, whatever strangers got. */
export function likelierByClose(likely: readonly ServerKind[]): readonly ServerKind[] {
  return likely.length === 1 ? likely : ['node', ...likely.filter((kind) => kind !== 'node')];
}

const PRODUCTS: ReadonlyArray<readonly [RegExp, ServerKind]> = [
  [/\b(nginx|openresty|tengine|angie)\b/i, 'nginx'],
  [/\bapache\b/i, 'apache'],
  [/\bhaproxy\b/i, 'haproxy'],
  [/\bcaddy\b/i, 'caddy'],
  [/\benvoy\b/i, 'envoy'],
  [/\b(node|express)\b/i, 'node'],
];
/** Go says so to who shows none; OpenSSL says handshake_failure or certificate_required. */
const BAD_CERTIFICATE = 42;
