import { apache } from './apache.js';
import { caddy } from './caddy.js';
import { envoy } from './envoy.js';
import { haproxy } from './haproxy.js';
import { SERVERS, type ServerKind } from './likely-server.js';
import { nginx } from './nginx.js';
import { node } from './node.js';
import { postgres } from './postgres.js';
import type { ServerLines, Topic } from './server-lines.js';

/** The line to change for each kind of server, the likeliest first.
 *  @param likely what kind of server it seems to be */
export function linesToChange(topic: Topic, likely: readonly ServerKind[]): string {
  const others = likely.includes('postgres') ? [] : SERVERS.filter((kind) => !likely.includes(kind));
  const order = [...likely, ...others];
  return order
    .flatMap((kind) => {
      const { name, lines } = LINES[kind];
      const line = lines[topic];
      return line === undefined ? [] : [`${name}: ${line}`];
    })
    .join('; ');
}

/** All that is known of each kind of server. */
export const LINES: Readonly<Record<ServerKind, ServerLines>> = {
  nginx,
  apache,
  haproxy,
  caddy,
  envoy,
  node,
  postgres,
};
