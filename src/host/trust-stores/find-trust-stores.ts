import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SslapiError } from '../../errors.js';
import { javaStore } from './java.js';
import { nssStores } from './nss.js';
import { systemStoreByHand } from './system-by-hand.js';
import { linuxSystemStore } from './system-linux.js';
import type { TrustStore, TrustStoreKind } from './trust-store.js';

export interface TrustStoreWish {
  readonly kinds: readonly TrustStoreKind[];
  /** Whether a store that is not on this machine is an error. */
  readonly mustBeThere: boolean;
  /** The home whose browsers are meant. */
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where the root's certificate lies. */
  readonly file: string;
}

/** The trust stores of this machine, and of that home. @throws SslapiError ERR_TRUST_STORE_ABSENT */
export function findTrustStores({ kinds, mustBeThere, ...wish }: TrustStoreWish): TrustStore[] {
  return kinds.flatMap((kind) => {
    const found = STORES[kind](wish);
    if (typeof found !== 'string') return found;
    if (mustBeThere) throw new SslapiError('ERR_TRUST_STORE_ABSENT', `there is no ${kind} store: ${found}`);
    return [];
  });
}

type Finder = (wish: Omit<TrustStoreWish, 'kinds' | 'mustBeThere'>) => TrustStore[] | string;

/** The stores of a kind, or why there is none. */
const STORES: Record<TrustStoreKind, Finder> = {
  system: ({ file }) => {
    const found = systemStoreByHand(process.platform, file) ?? linuxSystemStore();
    return found === null ? 'none of the folders that Linux systems keep their own roots in' : [found];
  },
  nss: ({ home, environment }) => {
    const found = nssStores(home, environment, onPath(CHROMIUMS, environment));
    if (found.length === 0) return `no profile of Firefox and no database of Chromium in ${home}`;
    return onPath(['certutil'], environment) && process.platform !== 'win32'
      ? found
      : "its databases are there, and NSS's certutil is not";
  },
  java: ({ environment }) => {
    const found = javaStore(environment);
    return found === null ? 'no keytool in JAVA_HOME or on the PATH' : [found];
  },
};

function onPath(programs: readonly string[], { PATH = '' }: TrustStoreWish['environment']): boolean {
  const folders = PATH.split(delimiter).filter((folder) => folder !== '');
  return programs.some((program) => folders.some((folder) => existsSync(join(folder, program))));
}

const CHROMIUMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'brave-browser'];
