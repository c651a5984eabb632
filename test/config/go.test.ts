import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { keepsItsPromises } from './program-claims.js';
import { proveThemselves } from './program-proof.js';
import type { Program } from './programs.js';

/** Built with the standard library alone, as `go run` would. */
const program: Program = {
  target: 'go',
  needs: ['go', 'openssl'],
  build: (folder) => {
    const server = join(folder, 'server');
    execFileSync('go', ['build', '-o', server, 'main.go'], {
      cwd: folder,
      env: { ...process.env, GOFLAGS: '-mod=mod', GOPROXY: 'off', GOCACHE: join(folder, '..', 'go-cache') },
    });
    return [server];
  },
};
/** What Go 1.19 does by itself: it takes no list of the signatures of clients, follows an order of suites of its own, refuses
 *  versions to come, and has neither extended_master_secret nor hybrid groups. */
const BY_GO = [
  'offers-post-quantum-key-exchange',
  'client-signatures-strong',
  'policy-server-preference',
  'supports-extended-master-secret',
  'tolerates-unknown-versions',
];

proveThemselves([program], BY_GO);
keepsItsPromises(program, { reloads: true });
