import { keepsItsPromises } from './program-claims.js';
import { proveThemselves } from './program-proof.js';
import { nodeProgram } from './programs.js';

const PROGRAMS = ['node', 'express', 'fastify'].map(nodeProgram);
/** What the OpenSSL of Node 20 does not have. */
const BY_NODE = ['offers-post-quantum-key-exchange'];

proveThemselves(PROGRAMS, BY_NODE);
// The frameworks have the same gate before them: that it reads its files anew is seen once.
for (const program of PROGRAMS) keepsItsPromises(program, { reloads: program.target === 'node' });
