import { type CipherSuite, cipherSuite, cipherSuiteName } from '../../tls/cipher-suite.js';
import { type Check, fail, inconclusive, pass } from '../check.js';
import { spokenHandshakes } from '../observations.js';

/** Judges what was agreed upon with a client that knows better suites; what else is spoken, a scan of all suites tells. */
export const negotiatesNoWeakCipher: Check = {
  id: 'negotiates-no-weak-cipher',
  title: 'Agrees on a cipher of 128 bits and more with a server that proves who it is',
  severity: 'high',
  citation: 'RFC 9325 §4.1',
  remediation: 'Take NULL, anonymous, EXPORT, RC4, DES and 3DES suites out of the server’s list.',
  run(observations) {
    const agreed = spokenHandshakes(observations).map(
      ([version, { serverHello }]) => [version, serverHello.cipherSuite] as const,
    );
    if (agreed.length === 0) return inconclusive('no suite was agreed upon');
    const faulty = agreed.filter(([, id]) => isWeak(cipherSuite(id)));
    const told = (faulty.length > 0 ? faulty : agreed).map(
      ([version, id]) => `${version}: ${cipherSuiteName(id)}`,
    );
    return faulty.length > 0 ? fail(told.join(', ')) : pass(told.join(', '));
  },
};

/** A suite that is in no table is none that we offered. */
function isWeak(suite: CipherSuite | null): boolean {
  if (suite === null) return true;
  return suite.strengthBits < 128 || suite.anonymous || suite.export || suite.encryption.startsWith('RC4');
}
