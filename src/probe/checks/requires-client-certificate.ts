import { type Check, fail, inconclusive, notApplicable, pass } from '../check.js';
import { enforcementByPath, type PathEnforcement } from '../client-auth.js';

/** What a request without a certificate tells; what other certificates are let in, only `--prove-mtls` does. */
export const requiresClientCertificate: Check = {
  id: 'requires-client-certificate',
  title: 'Turns away who shows no client certificate',
  severity: 'info',
  citation: 'RFC 8446 §4.4.2.4; CWE-306',
  remediation: 'nginx: ssl_verify_client on; Apache: SSLVerifyClient require; HAProxy: verify required',
  run({ clientAuth: { requested, required, enforcedBy }, strangers }) {
    if (requested === false) return notApplicable('no certificate is asked for');
    const paths = enforcementByPath(strangers);
    if (required === null)
      return inconclusive(
        told(paths, 'unknown', 'the answer to a request without a certificate does not tell'),
      );
    if (!required) return fail(told(paths, 'none', 'a request without a certificate was served'));
    const how = enforcedBy === 'http' ? 'by an HTTP answer' : 'by an alert in the handshake';
    return pass(paths.length > 0 ? `${how}: ${pathsOf(paths)}` : how);
  },
};

function told(
  paths: readonly PathEnforcement[],
  enforced: PathEnforcement['enforced'],
  sentence: string,
): string {
  const those = paths.filter((path) => path.enforced === enforced);
  return those.length > 0 ? `${sentence}: ${pathsOf(those)}` : sentence;
}

function pathsOf(paths: readonly PathEnforcement[]): string {
  return [...new Set(paths.map(({ path, version }) => `${path} by ${version}`))].join(', ');
}
