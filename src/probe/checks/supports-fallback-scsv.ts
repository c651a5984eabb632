import { type Check, notApplicable } from '../check.js';
import { toldFinding } from '../told-finding.js';
import { notSpoken, spokenVersions } from '../version-finding.js';

/** Nothing is lost by a fallback from TLS 1.3 to 1.2, which marks its random. */
export const supportsFallbackScsv: Check = {
  id: 'supports-fallback-scsv',
  title: 'Refuses a client that was made to fall back',
  severity: 'low',
  citation: 'RFC 7507 §3',
  remediation:
    'Update the TLS library: OpenSSL has it since 1.0.1j; or leave only TLS 1.2 and later. nginx: ssl_protocols TLSv1.2 TLSv1.3; Apache: SSLProtocol -all +TLSv1.2 +TLSv1.3; HAProxy: ssl-default-bind-options ssl-min-ver TLSv1.2',
  run({ scan }) {
    const unspoken = notSpoken(scan, OLD_VERSIONS);
    if (unspoken !== null) return unspoken;
    if (spokenVersions(scan).length < 2) return notApplicable('speaks a single version');
    return toldFinding(scan.hello.fallbackScsv, true, {
      yes: 'answers TLS_FALLBACK_SCSV with inappropriate_fallback',
      no: 'takes a lower version with TLS_FALLBACK_SCSV all the same',
    });
  },
};

const OLD_VERSIONS = ['TLSv1.1', 'TLSv1', 'SSLv3'] as const;
