import { relative } from 'node:path';
import type { AuthorityContext } from './authority-context.js';

type Where = Pick<AuthorityContext, 'folder'>;

/** What is in a file, null where it cannot be read.
 *  @param name from the pki folder, or absolute where it lies elsewhere */
export function readOrNull(context: Where, name: string): Uint8Array | null {
  try {
    return context.folder.read(pathOf(context, name));
  } catch {
    return null;
  }
}

/** From the pki folder on. */
export function pathOf({ folder }: Where, name: string): string {
  return name.startsWith('/') ? relative(folder.path, name) : name;
}
