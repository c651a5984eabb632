import { delimiter } from 'node:path';

/** The environment that another program gets: ours, without any password of ours (SSLAPI_CA_PASSWORD and its kin), and
 *  with the folders of system programs at the end of its PATH, where servers lie and a user's own PATH does not look. */
export function commandEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const allowed = Object.entries(environment).filter(([name]) => !PASSWORD.test(name));
  const scrubbed = Object.fromEntries(allowed);
  if (process.platform === 'win32') return scrubbed;
  const folders = (scrubbed.PATH ?? '/usr/bin:/bin').split(delimiter);
  const missing = SYSTEM_FOLDERS.filter((folder) => !folders.includes(folder));
  return { ...scrubbed, PATH: [...folders, ...missing].join(delimiter) };
}

const PASSWORD = /^SSLAPI_.*PASS(WORD|PHRASE)/i;
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/local/bin', '/opt/homebrew/bin'];
