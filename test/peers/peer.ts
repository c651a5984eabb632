import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Whether a real peer (nginx, openssl, …; a library by its path) is on this machine. In CI its absence is an error: there, nothing is skipped. */
export function peer(program: string): boolean {
  const there = isAbsolute(program)
    ? existsSync(program)
    : SEARCHED.some((folder) => isExecutable(join(folder, program)));
  if (there) return true;
  const advice = `${program} is not installed: run test/peers/install.sh`;
  if (process.env['CI']) throw new Error(advice);
  console.warn(`skipped: ${advice}`);
  return false;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Debian keeps servers where users do not look for programs. */
const SEARCHED = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'].filter(
  (folder) => folder !== '',
);
