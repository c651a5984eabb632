import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { BY_GO } from '../../src/config/findings-by-go.js';
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
proveThemselves([program], BY_GO);
keepsItsPromises(program, { reloads: true });
