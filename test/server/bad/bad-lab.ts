import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '../../../src/ca/certificate-authority.js';
import type { CreateOptions } from '../../../src/ca/create-authority.js';
import type { BadEvent } from '../../../src/server/bad/bad-event.js';
import type { BadKind } from '../../../src/server/bad/bad-kind.js';
import {
  type BadServers,
  type BadServersWish,
  startBadServers,
} from '../../../src/server/bad/bad-servers.js';
import { BAD_KINDS } from '../../../src/server/bad/kinds/index.js';

/** A CA in a temporary folder, and faulty servers of it on free ports of loopback. */
export interface BadLab {
  readonly folder: string;
  readonly ca: CertificateAuthority;
  readonly servers: BadServers;
  /** What the servers saw, oldest first. */
  readonly events: BadEvent[];
  readonly portOf: (id: string) => number;
  readonly close: () => Promise<void>;
}

/** The kinds of these ids, in the order that they are named in. */
export function kindsNamed(...ids: readonly string[]): BadKind[] {
  return ids.map((id) => BAD_KINDS.find((kind) => kind.id === id)!);
}

export async function badLab(
  { kinds = BAD_KINDS, ...wish }: Partial<BadServersWish> & { readonly kinds?: readonly BadKind[] } = {},
  options: Partial<CreateOptions> = {},
): Promise<BadLab> {
  const folder = mkdtempSync(join(tmpdir(), 'sslapi-bad-'));
  const { ca } = await CertificateAuthority.create({
    ...{ pki: join(folder, 'pki'), name: 'Lab', passphrase: null },
    ...options,
  });
  const events: BadEvent[] = [];
  const remove = async (): Promise<void> => {
    await ca.close();
    rmSync(folder, { recursive: true, force: true });
  };
  const servers = await startBadServers({
    ...{ ca, kinds, listen: { host: '127.0.0.1', port: 0 }, host: 'localhost' },
    onEvent: (event) => events.push(event),
    ...wish,
  }).catch(async (error) => {
    await remove();
    throw error;
  });
  return {
    ...{ folder, ca, servers, events },
    portOf: (id) => servers.serving.find(({ kind }) => kind.id === id)!.address.port,
    close: async () => {
      await servers.close();
      await remove();
    },
  };
}
