// Runs the benchmarks, one after the other: `npm run bench`, or `npm run bench -- issue` for one of them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const wanted = process.argv.slice(2);
const folder = `node_modules/.sslapi-bench-${process.pid}`;
mkdirSync(folder, { recursive: true });
try {
  for (const file of readdirSync('test/bench').filter((name) => name.endsWith('.ts'))) {
    const name = basename(file, '.ts');
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const outfile = join(folder, `${name}.mjs`);
    await build({
      entryPoints: [join('test/bench', file)],
      bundle: true,
      platform: 'node',
      format: 'esm',
      external: ['libsql'], // native
      outfile,
      logLevel: 'warning',
    });
    console.log(`\n== ${name}`);
    const { status } = spawnSync(process.execPath, [outfile], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
