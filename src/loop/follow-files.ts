import { CertificateAuthority } from '../ca/certificate-authority.js';
import { SslapiError } from '../errors.js';
import { readAccessFile } from '../server/access-file.js';
import type { RunningServer } from '../server/listener.js';
import { leafOf } from '../server/server-certificate.js';
import type { Reloadable, ServerEvent } from '../server/server-event.js';
import { revocationOf, revokedInWords } from '../server/server-facts.js';
import { fileIdentity, fileState, type Watch, watch } from '../server/watch-files.js';
import { isoSeconds } from '../x509/whole-seconds.js';
import { type ItemShelf, openShelf } from './item-shelf.js';
import { findServed, noServed, type ServedCertificate } from './served-certificate.js';

/** What a server was started with. */
export interface Followed {
  readonly ca: CertificateAuthority;
  /** Closed with what follows it. */
  readonly shelf: ItemShelf;
  readonly serverName: string;
  readonly server: ServedCertificate;
  readonly accessFile: string | undefined;
  readonly onEvent: (event: ServerEvent) => void;
}

export interface Following {
  /** Reads all of it again at once. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

/** Exchanges what a running server was made of whenever its files change: the server's certificate, the access rules, the CA
 *  where another lies in its folder. What is not good is not used, and the log says why. Revocations need no file. */
export function followFiles(running: Pick<RunningServer, 'use'>, started: Followed): Following {
  const { serverName, accessFile, onEvent } = started;
  let { ca, server, shelf } = started;

  /** A renewal touches the files of before, too, which is no news. */
  const readServer = async (): Promise<News> => {
    const next = await findServed(ca, serverName);
    if (next === null) throw await noServed(ca, serverName);
    const isNews = next.cert !== server.cert || next.key !== server.key;
    running.use({ server: next });
    server = next;
    return { isNews, message: `serial ${next.serialNumber}, until ${isoSeconds(next.notAfter)}` };
  };
  const readAuthority = async (): Promise<News> => {
    const next = await CertificateAuthority.open({ pki: ca.folder.path });
    const nextShelf = await openShelf(next.folder);
    try {
      const own = await findServed(next, serverName);
      running.use({ ca: next, items: nextShelf.items, ...(own && { server: own }) });
      server = own ?? server;
    } catch (error) {
      await nextShelf.close();
      await next.close();
      throw error;
    }
    await shelf.close();
    if (ca !== started.ca) await ca.close(); // whoever brought the first one closes it
    [ca, shelf] = [next, nextShelf];
    return { isNews: true, message: `from ${ca.folder.path}` };
  };
  const watches: Watch[] = [
    watch(() => authorityState(ca), reporting('certificate authority', readAuthority, onEvent)),
    watch(() => server.files.map(fileState).join(), reporting('server certificate', readServer, onEvent)),
  ];
  watches.push(
    watch(
      () => storeState(ca),
      tellingOfRevocation(() => ({ ca, server }), onEvent),
    ),
  );
  if (accessFile !== undefined) {
    const readAccess = (): News => {
      running.use({ access: readAccessFile(accessFile) });
      return { isNews: true, message: `from ${accessFile}` };
    };
    watches.push(watch(() => fileState(accessFile), reporting('access rules', readAccess, onEvent)));
  }
  return {
    look: async () => {
      for (const one of watches) await one.look();
    },
    stop: async () => {
      for (const one of watches) await one.stop();
      await shelf.close();
      if (ca !== started.ca) await ca.close();
    },
  };
}

/** The store is written to all the time; another one in its place is another CA. */
function authorityState({ folder }: CertificateAuthority): string {
  return [
    fileIdentity(folder.at('sslapi.db')),
    fileState(folder.at('ca.crt')),
    fileState(folder.at('ca-chain.crt')),
  ].join();
}

/** Cheaper to ask all the time than who is revoked. */
async function storeState(ca: CertificateAuthority): Promise<string> {
  return String(await ca.storeVersion());
}

/** Says once of a certificate that it was revoked: it is shown until there is another, for a server without one serves nobody. */
function tellingOfRevocation(
  current: () => { readonly ca: CertificateAuthority; readonly server: ServedCertificate },
  onEvent: (event: ServerEvent) => void,
): () => Promise<void> {
  let told: string | null = null;
  return async () => {
    const { ca, server } = current();
    const revocation = await revocationOf(ca, leafOf(server));
    if (revocation === null) told = null;
    else if (told !== server.serialNumber) {
      told = server.serialNumber;
      const words = revokedInWords(revocation);
      onEvent({ kind: 'kept', at: new Date(), what: 'server certificate', ...words });
    }
  };
}

/** What was read, and whether it is another than before. */
interface News {
  readonly message: string;
  readonly isNews: boolean;
}

/** Logs what came of it, where that is news or somebody asked. A fault is told once, and where it is gone with the next look it
 *  was none: files are written one after the other. */
function reporting(
  what: Reloadable,
  read: () => Promise<News> | News,
  onEvent: (event: ServerEvent) => void,
): (isAsked: boolean) => Promise<void> {
  let fault: { readonly message: string; isTold: boolean } | null = null;
  return async (isAsked) => {
    try {
      const { message, isNews } = await read();
      const isMended = fault?.isTold ?? false;
      fault = null;
      if (isNews || isMended || isAsked) onEvent({ kind: 'reloaded', at: new Date(), what, message });
    } catch (error) {
      const { message } = error as Error;
      if (fault?.message !== message) fault = { message, isTold: false };
      else if (!fault.isTold) {
        fault.isTold = true;
        const fix = error instanceof SslapiError ? error.hint : 'put the file right';
        onEvent({ kind: 'kept', at: new Date(), what, message, fix });
      }
      throw error;
    }
  };
}
