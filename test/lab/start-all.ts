import { peer } from '../peers/peer.js';
import type { Lab } from './lab.js';
import type { LabServer } from './lab-server.js';

/** Starts the servers whose programs are here, a few at once; gives back their ports by name. */
export async function startAll(
  lab: Lab,
  servers: readonly LabServer[],
): Promise<ReadonlyMap<string, number>> {
  const ports = new Map<string, number>();
  const waiting = servers.filter(({ program }) => peer(program));
  const startNext = async (): Promise<void> => {
    for (let server = waiting.shift(); server !== undefined; server = waiting.shift()) {
      ports.set(server.name, await startTwice(lab, server));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, startNext));
  return ports;
}

/** A port that was free may be taken before the server gets to it. */
async function startTwice(lab: Lab, server: LabServer): Promise<number> {
  try {
    return await server.start(lab);
  } catch {
    return server.start(lab);
  }
}

const AT_ONCE = 6;
