import { SSL2_CIPHER_KINDS } from '../../tls/ssl2-hello.js';
import { type Check, fail } from '../check.js';
import { TODAYS_VERSIONS } from '../server-directives.js';
import { offersNoVersion } from '../version-finding.js';

export const offersNoSsl2: Check = {
  id: 'offers-no-ssl-2',
  title: 'Does not offer SSL 2.0',
  severity: 'critical',
  citation: 'RFC 6176 §3; CVE-2016-0800',
  remediation: `Build the server with a TLS library of today: none of them has it. ${TODAYS_VERSIONS}`,
  run({ scan }) {
    const kinds = (scan.cipherSuites.get('SSLv2')?.ids ?? []).map(
      (id) => SSL2_CIPHER_KINDS.get(id)?.name ?? `0x${id.toString(16)}`,
    );
    return kinds.length > 0
      ? fail(`answered a CLIENT-HELLO of SSLv2 with ${kinds.join(', ')}`)
      : offersNoVersion(scan, 'SSLv2');
  },
};
