import { cipherSuite, cipherSuiteName } from '../../tls/cipher-suite.js';
import { type Check, fail, inconclusive, pass } from '../check.js';
import { spokenHandshakes } from '../observations.js';

/** Judges what was agreed upon with a client that knows better suites; what else is spoken, a scan of all suites tells. */
export const negotiatesForwardSecrecy: Check = {
  id: 'negotiates-forward-secrecy',
  title: 'Agrees on keys that stay secret when the server’s key is lost',
  severity: 'medium',
  citation: 'RFC 9325 §4.1, §7.3',
  remediation: 'Put ECDHE suites first, and take out those with static RSA.',
  run(observations) {
    const agreed = spokenHandshakes(observations).map(
      ([version, { serverHello }]) => [version, serverHello.cipherSuite] as const,
    );
    if (agreed.length === 0) return inconclusive('no suite was agreed upon');
    const faulty = agreed.filter(([, id]) => cipherSuite(id)?.forwardSecret !== true);
    const told = (faulty.length > 0 ? faulty : agreed).map(
      ([version, id]) => `${version}: ${cipherSuiteName(id)}`,
    );
    return faulty.length > 0 ? fail(told.join(', ')) : pass(told.join(', '));
  },
};
