import type { LabServer } from './lab-server.js';
import { FAULTY_SERVERS } from './servers/faulty.js';
import { NGINX_SERVERS } from './servers/nginx.js';
import { S_SERVERS } from './servers/s-server.js';
import { STACK_SERVERS } from './servers/stacks.js';
import { STARTTLS_SERVERS } from './servers/starttls.js';
import { WEB_SERVERS } from './servers/web.js';

/** Every server of the lab. */
export const SERVERS: readonly LabServer[] = [
  ...NGINX_SERVERS,
  ...WEB_SERVERS,
  ...S_SERVERS,
  ...STACK_SERVERS,
  ...STARTTLS_SERVERS,
  ...FAULTY_SERVERS,
];
