import type { ConfigTarget } from './config-target.js';
import { nodeProgram, nodeValues } from './node.js';

/** Fastify 5, on Node 20 and later: a whole program. */
export const fastify: ConfigTarget = {
  name: 'fastify',
  title: 'Fastify 5, on Node 20 or later',
  includeFile: 'server.mjs',
  reloadCommand: null,
  checksRevocation: true,
  passesOn: true,
  passesIdentity: true,
  limitsClients: true,
  allowsByName: true,
  tested: 'Fastify 5 on Node 20',
  files: () => [nodeProgram('fastify')],
  // It would have to lie where Fastify is installed to be run; Node can only read it.
  check: { programs: ['node'], args: (file) => ['--check', file] },
  values: nodeValues,
};
