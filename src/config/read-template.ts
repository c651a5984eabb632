import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SslapiError } from '../errors.js';

/** Reads a template that ships with the package.
 *  @param target the folder under `templates/`
 *  @param file site.conf (what goes into the server's include folder), standalone.conf (what goes around it), or what the
 *    target calls its own */
export function readTemplate(target: string, file: string): string {
  const path = join(packageFolder(), 'templates', target, file);
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new SslapiError('ERR_TEMPLATE_INVALID', `cannot read the template ${path}`, { cause });
  }
}

/** The folder with our package.json: above src/config as above a bundle in dist/, however deep it lies there. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
