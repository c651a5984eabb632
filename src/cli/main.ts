import * as nodeModule from 'node:module';
import { isDaily } from './daily-commands.js';
import { isVersionAsked, version } from './version.js';

/** The whole of `sslapi --version` needs no more than this file; the rest is loaded when it is asked for. */
const args = process.argv.slice(2);
if (isVersionAsked(args)) process.stdout.write(`${version()}\n`);
else {
  // Node 22 and later keep what V8 made of our code; Node 20 has no such thing.
  (nodeModule as { enableCompileCache?: () => unknown }).enableCompileCache?.();
  const { run } = isDaily(args)
    ? await import('./daily.js')
    : args[0] === 'probe'
      ? await import('./probing.js')
      : await import('./run.js');
  process.exitCode = await run(args, process);
}
