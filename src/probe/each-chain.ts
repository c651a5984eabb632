import type { Certificate } from '../x509/certificate.js';
import { DerError } from '../x509/der.js';
import { describeKey } from '../x509/subject-public-key-info.js';
import { type Finding, inconclusive } from './check.js';
import type { JudgedChain } from './judged-chain.js';
import type { Observations } from './observations.js';

/** Judges every chain that was shown to who asked for the name: what is worst of any is said of all.
 *  @param unreadable what is said where something was shown that is no certificate */
export function eachChain(
  { chains }: Pick<Observations, 'chains'>,
  judge: (chain: JudgedChain, leaf: Certificate) => Finding,
  unreadable: Finding = inconclusive('no certificate was seen that can be read'),
): Finding {
  const named = chainsForName(chains);
  const findings = named.map((chain) => [chain, judgeReadable(chain, judge, unreadable)] as const);
  const worst = ORDER.find((status) => findings.some(([, finding]) => finding.status === status));
  if (worst === undefined) return inconclusive('no certificate was seen');
  const telling = findings.filter(([, { status }]) => status === worst);
  const said = new Set(
    telling.map(([chain, { evidence }]) => (named.length > 1 ? `${keyOf(chain)}: ${evidence}` : evidence)),
  );
  return { status: worst, evidence: [...said].join('; ') };
}

/** The chains that the server shows for its name; the one for clients that name none is a stranger's. */
export function chainsForName(chains: readonly JudgedChain[]): readonly JudgedChain[] {
  return chains.filter(({ asked, chain }) => asked !== 'without-name' && chain.length > 0);
}

/** The kind of key of a chain's first certificate. */
export function keyOf({ certificates: [leaf] }: JudgedChain): string {
  if (!leaf) return 'unreadable';
  try {
    return describeKey(leaf.subjectPublicKeyInfo);
  } catch (error) {
    if (error instanceof DerError) return 'unreadable key';
    throw error;
  }
}

/** A certificate whose contents break their syntax is refused elsewhere; here it tells nothing. */
function judgeReadable(
  chain: JudgedChain,
  judge: (chain: JudgedChain, leaf: Certificate) => Finding,
  unreadable: Finding,
): Finding {
  const [leaf] = chain.certificates;
  if (!leaf) return unreadable;
  try {
    return judge(chain, leaf);
  } catch (error) {
    if (error instanceof DerError) return inconclusive(`it cannot be read: ${error.message}`);
    throw error;
  }
}

const ORDER: ReadonlyArray<Finding['status']> = ['fail', 'inconclusive', 'pass', 'not-applicable'];
