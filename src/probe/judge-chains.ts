import { bundledRoots } from '../tls/bundled-roots.js';
import type { Certificate } from '../x509/certificate.js';
import { encodePem } from '../x509/pem.js';
import { type AskUrl, askedRevocation } from './ask-revocation.js';
import { type JudgedChain, judgeChain, type TrustBasis } from './judged-chain.js';
import { factOfOwnCrls, factOfStaple } from './revocation-facts.js';
import type { ShownChain } from './scan.js';

/** Judges chains: their way to an anchor, and what is said of their revocation.
 *  @param askUrl goes out to the addresses in certificates; null keeps to what is at hand */
export function judgeChains(
  shown: readonly ShownChain[],
  basis: TrustBasis,
  askUrl: AskUrl | null,
): Promise<JudgedChain[]> {
  return Promise.all(
    shown.map(async (one) => {
      const chain = judgeChain(one, basis);
      const asked = askUrl === null ? [] : await askedRevocation(chain, askUrl, basis.at);
      const atHand = [factOfStaple(chain, basis.at), factOfOwnCrls(chain, basis.at)];
      return { ...chain, revocation: [...atHand.filter((fact) => fact !== null), ...asked] };
    }),
  );
}

/** Whether a root is one of those that Node brings along: Mozilla's, whose CAs keep the CA/Browser Forum's rules. */
export function isBundledRoot({ der }: Certificate): boolean {
  const pem = encodePem('CERTIFICATE', der).trim();
  return bundledRoots().some((root) => root.trim() === pem);
}
