import type { ConfigTarget } from './config-target.js';
import { nodeProgram, nodeValues } from './node.js';

/** Express 5, on Node 20 and later: a whole program. */
export const express: ConfigTarget = {
  name: 'express',
  title: 'Express 5, on Node 20 or later',
  includeFile: 'server.mjs',
  reloadCommand: null,
  checksRevocation: true,
  passesOn: true,
  passesIdentity: true,
  limitsClients: true,
  allowsByName: true,
  tested: 'Express 5 on Node 20',
  files: () => [nodeProgram('express')],
  // It would have to lie where Express is installed to be run; Node can only read it.
  check: { programs: ['node'], args: (file) => ['--check', file] },
  values: nodeValues,
};
