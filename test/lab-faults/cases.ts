import { APACHE } from './stacks/apache.js';
import { CADDY } from './stacks/caddy.js';
import { HAPROXY } from './stacks/haproxy.js';
import { NGINX } from './stacks/nginx.js';
import { NODE } from './stacks/node.js';

/** Every case of the lab, by the server it is of; the right configuration stands first. */
export const CASES = { nginx: NGINX, apache: APACHE, haproxy: HAPROXY, caddy: CADDY, node: NODE } as const;
