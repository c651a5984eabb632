import { renderConfig } from '../../src/config/render.js';
import type { Ground } from './fault.js';

/** What `sslapi config TARGET` writes for the include folder of a server: the right configuration, which faults change.
 *  @param behind whether requests go on to the application */
export function rendered(target: string, { pki, port, backend }: Ground, behind = false): string {
  return renderConfig({
    target,
    level: 'intermediate',
    clientAuth: 'require',
    serverName: 'localhost',
    listen: { host: '127.0.0.1', port },
    upstream: behind ? `http://127.0.0.1:${backend}` : undefined,
    files: pki.files,
    standalone: false,
    runtimeFolder: pki.folder,
  });
}
