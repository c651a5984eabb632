import type { Policy } from '../../policy/policy.js';
import type { Check } from '../check.js';
import { type PolicyJudgement, underPolicy } from '../policy-finding.js';
import type { Scan } from '../scan.js';
import { offeredSuites } from '../suite-finding.js';

export const policyDh: Check = {
  id: 'policy-dh',
  title: 'Offers finite-field Diffie-Hellman only with primes as long as the policy asks for',
  severity: 'high',
  citation: 'RFC 9325 §4.5',
  remediation:
    'Leave the DHE suites out, or give a longer group: nginx ssl_dhparam, HAProxy tune.ssl.default-dh-param.',
  run: (observations) => underPolicy(observations, (policy) => judge(observations.scan, policy), remedy),
};

function judge(scan: Scan, { minimumDhBits, title }: Policy): PolicyJudgement | string {
  const { dhParameters } = scan;
  const suites = offeredSuites(scan).filter(({ suite }) => suite.keyExchange.startsWith('DHE'));
  const unseen = [...scan.cipherSuites].flatMap(([version, { incomplete }]) =>
    incomplete === null || version === 'TLSv1.3' ? [] : [`${version}: ${incomplete}`],
  );
  if (suites.length + dhParameters.length + unseen.length === 0)
    return scan.cipherSuites.size === 0
      ? { outside: [], missing: [], unknown: ['no cipher suites were seen'], within: '' }
      : 'offers no finite-field Diffie-Hellman';
  if (minimumDhBits === null && suites.length + dhParameters.length > 0)
    return {
      outside: [`offers ${suites[0]?.suite.name ?? 'DHE'}; ${title} has no finite-field Diffie-Hellman`],
      missing: [],
      unknown: [],
      within: '',
    };
  const sizes = [...new Set(dhParameters.map(({ primeBits }) => primeBits))].sort((a, b) => a - b);
  return {
    outside: sizes
      .filter((bits) => bits < (minimumDhBits ?? 0))
      .map((bits) => `a prime of ${bits} bits, fewer than ${minimumDhBits}`),
    missing: [],
    unknown: suites.length > 0 && sizes.length === 0 ? ['the prime was not seen'] : unseen,
    within: sizes.map((bits) => `a prime of ${bits} bits`).join(', '),
  };
}

function remedy({ minimumDhBits }: Policy): string {
  const leaveOut = 'take the suites that begin with DHE out of ssl_ciphers, SSLCipherSuite or ciphers';
  return minimumDhBits === null
    ? `${leaveOut}.`
    : `${leaveOut}, or give a group of ${minimumDhBits} bits: nginx ssl_dhparam, HAProxy tune.ssl.default-dh-param ${minimumDhBits}.`;
}
