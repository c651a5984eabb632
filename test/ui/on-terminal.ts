import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Bundles a program that imports from src, so that plain Node runs it. */
export async function buildProgram(contents: string, outfile: string): Promise<void> {
  await build({
    stdin: { contents, resolveDir: '.' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile,
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
}

/** Runs `program.mjs` of that folder on a real terminal, where `expect` waits and types (a line of Tcl each).
 *  The screen is all that the terminal got; stdout went to a file. */
export function onTerminal(folder: string, argument: string, ...typed: readonly string[]) {
  return onTerminalOf(80, folder, argument, ...typed);
}

/** The same on one that has so many columns; some have 0 until somebody tells them. */
export function onTerminalOf(columns: number, folder: string, argument: string, ...typed: readonly string[]) {
  const script = join(folder, 'script.exp');
  const command = `sh -c {exec "$NODE" program.mjs ${argument} >stdout}`;
  const size = `set stty_init "columns ${columns} rows 24"`;
  const lines = ['set timeout 20', size, `spawn -noecho ${command}`, ...typed, 'expect eof', ''];
  writeFileSync(script, lines.join('\n'));
  const { CI: _unset, ...env } = process.env;
  const { stdout: screen } = spawnSync('expect', [script], {
    cwd: folder,
    env: { ...env, NODE: process.execPath, TERM: 'xterm', NO_COLOR: '1' },
    encoding: 'utf8',
  });
  return { screen, stdout: readFileSync(join(folder, 'stdout'), 'utf8') };
}
