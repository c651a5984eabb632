import { readFileSync } from 'node:fs';

/** The version of this package, as its package.json says. */
export function version(): string {
  // Two folders up in the sources as well as in dist/, where this ends in cli/ or chunks/.
  const file = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}

export function isVersionAsked(args: readonly string[]): boolean {
  return args.length === 1 && (args[0] === '--version' || args[0] === '-V');
}
