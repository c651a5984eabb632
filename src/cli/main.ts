import { isVersionAsked, version } from './version.js';

/** The whole of `sslapi --version` needs no more than this file; the rest is loaded when it is asked for. */
if (isVersionAsked(process.argv.slice(2))) process.stdout.write(`${version()}\n`);
else {
  const { run } = await import('./run.js');
  process.exitCode = await run(process.argv.slice(2), process);
}
