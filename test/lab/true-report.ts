import type { ProbeReport } from '../../src/probe/probe-report.js';
import { TLS_VERSIONS } from '../../src/tls/version.js';
import { fingerprint256 } from '../../src/x509/fingerprint.js';
import { KEY_TYPE, type Lab, type ServerKey } from './lab.js';
import type { LabServer, Truth } from './lab-server.js';

/** What a report on a server must say: its table of what is true, in the words of a report. Lists whose order means nothing
 *  are in that of the alphabet. */
export function trueReport(lab: Lab, { truth }: LabServer) {
  const { cipherSuites, serverOrder = {}, groups, chain, clientAuth } = truth;
  const versions = TLS_VERSIONS.filter((version) => cipherSuites[version] !== undefined);
  return {
    protocols: Object.fromEntries(TLS_VERSIONS.map((version) => [version, versions.includes(version)])),
    cipherSuites: Object.fromEntries(
      versions.map((version) => {
        const names = [...cipherSuites[version]!];
        return [version, serverOrder[version] ? names : names.sort()];
      }),
    ),
    serverOrder,
    groups: Object.fromEntries(
      Object.entries(groups).map(([version, names]) => [version, [...names].sort()]),
    ),
    certificates: chain.map((name) => ({
      subject: name === 'intermediate' ? 'CN=intermediate,O=Lab' : `CN=${name}`,
      keyType: KEY_TYPE[name as ServerKey],
      fingerprint256: fingerprint256(lab.certificates.der(name)),
    })),
    clientAuth: trueClientAuth(clientAuth),
  };
}

function trueClientAuth(clientAuth: Truth['clientAuth']): ProbeReport['clientAuth'] {
  if (clientAuth === null) return { requested: null, required: null, enforcedBy: null, acceptableCAs: [] };
  if (clientAuth === undefined)
    return { requested: false, required: false, enforcedBy: null, acceptableCAs: [] };
  return { requested: true, ...clientAuth, acceptableCAs: ['CN=ca,O=Lab'] };
}
