import type { AskUrl } from '../../../src/probe/ask-revocation.js';
import type { Finding } from '../../../src/probe/check.js';
import { CHECKS } from '../../../src/probe/checks/index.js';
import { judgeChains } from '../../../src/probe/judge-chains.js';
import type { Observations } from '../../../src/probe/observations.js';
import type { ShownChain } from '../../../src/probe/scan.js';
import type { TrustSource } from '../../../src/probe/trust.js';
import { type Made, NOW } from '../../path/certificate-maker.js';

/** How an endpoint shows its chains in a test, and what it is judged by. */
export interface ChainWish extends Partial<Omit<Observations, 'chains' | 'trust'>> {
  readonly trust?: readonly Made[];
  readonly source?: Partial<TrustSource>;
  readonly isPublic?: boolean;
  readonly askUrl?: AskUrl;
}

/** A chain as a server would show it to who asks for its name. */
export function shown(chain: readonly Made[], change: Partial<ShownChain> = {}): ShownChain {
  return {
    asked: 'by-name',
    chain: chain.map(({ der }) => der),
    ocspResponse: null,
    signedCertificateTimestamps: [],
    ...change,
  };
}

/** An endpoint called api.test that shows these chains. */
export async function observedWith(
  chains: readonly ShownChain[],
  { trust = [], source = {}, isPublic = false, askUrl, ...change }: ChainWish = {},
): Promise<Observations> {
  const sources: TrustSource[] = [
    { name: 'the lab', certificates: () => trust.map(({ der }) => der), ...source },
  ];
  const at = change.at ?? NOW;
  const basis = { trust: sources, at, isPublicRoot: () => isPublic };
  return {
    ...({} as Observations),
    at,
    name: { type: 'dns', value: 'api.test' },
    trust: sources,
    chains: await judgeChains(chains, basis, askUrl ?? null),
    revocationAsked: askUrl !== undefined,
    ...change,
  };
}

/** What one check says. */
export function finding(id: string, observations: Observations): Finding {
  const check = CHECKS.find((one) => one.id === id);
  if (check === undefined) throw new Error(`there is no check ${id}`);
  return check.run(observations);
}
