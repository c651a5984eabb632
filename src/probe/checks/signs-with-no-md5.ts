import type { Check } from '../check.js';
import { signsWithNo } from '../offered-finding.js';

export const signsWithNoMd5: Check = {
  id: 'signs-with-no-md5',
  title: 'Signs no handshake over MD5',
  severity: 'high',
  citation: 'RFC 9155 §4; CVE-2015-7575',
  remediation:
    'nginx: ssl_conf_command SignatureAlgorithms ECDSA+SHA256:RSA-PSS+SHA256:RSA+SHA256; Apache: SSLOpenSSLConfCmd SignatureAlgorithms ECDSA+SHA256:RSA-PSS+SHA256:RSA+SHA256; HAProxy: ssl-default-bind-sigalgs ECDSA+SHA256:RSA-PSS+SHA256:RSA+SHA256',
  run: ({ scan }) => signsWithNo(scan, (scheme) => scheme >> 8 === MD5),
};

/** HashAlgorithm, RFC 5246 §7.4.1.4.1: the first octet of a scheme that is older than TLS 1.3. */
const MD5 = 1;
