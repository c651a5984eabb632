import { execFileSync } from 'node:child_process';

/** Builds dist/ if any source is newer: for tests that run `bin/sslapi.js` as its users do. */
export function build(): void {
  execFileSync(process.execPath, ['.config/build.mjs', '--fresh'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
