import { SslapiError } from '../errors.js';
import { nearestFirst } from '../policy/nearest.js';
import { apache } from './apache.js';
import { caddy } from './caddy.js';
import type { ConfigTarget } from './config-target.js';
import { envoy } from './envoy.js';
import { express } from './express.js';
import { fastify } from './fastify.js';
import { go } from './go.js';
import { haproxy } from './haproxy.js';
import { nginx } from './nginx.js';
import { node } from './node.js';
import { postgres } from './postgres.js';
import { springBoot } from './spring-boot.js';
import { stunnel } from './stunnel.js';
import { traefik } from './traefik.js';

/** Every server that can be configured, in the order of `config --list`. */
export const TARGETS: readonly ConfigTarget[] = [
  nginx,
  apache,
  haproxy,
  caddy,
  envoy,
  traefik,
  node,
  express,
  fastify,
  go,
  springBoot,
  stunnel,
  postgres,
];

/** The target of that name. */
export function findTarget(name: string): ConfigTarget {
  const target = TARGETS.find((candidate) => candidate.name === name);
  if (target !== undefined) return target;
  const names = TARGETS.map((candidate) => candidate.name);
  throw new SslapiError(
    'ERR_CONFIG_TARGET_UNKNOWN',
    `there is no target "${name}", only ${names.join(', ')}`,
    {
      hint: nearestFirst(name, names, 'See the targets with `sslapi config --list`.'),
    },
  );
}
