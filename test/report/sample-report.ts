import type { ProbeReport } from '../../src/probe/probe-report.js';
import type { ProofRow } from '../../src/probe/proof-row.js';

/** A report without a fault; `change` makes another of it. */
export function sampleReport(change: Partial<ProbeReport> = {}): ProbeReport {
  return {
    schemaVersion: 1,
    tool: { name: 'sslapi', version: '1.2.3' },
    target: { host: 'api.test', port: 8443, servername: 'api.test', address: '192.0.2.7' },
    startedAt: '2026-06-01T00:00:00.000Z',
    durationMs: 120,
    connections: 23,
    protocols: {
      SSLv2: null,
      SSLv3: null,
      TLSv1: false,
      'TLSv1.1': false,
      'TLSv1.2': true,
      'TLSv1.3': true,
    },
    cipherSuites: {
      'TLSv1.3': [{ name: 'TLS_AES_128_GCM_SHA256', opensslName: 'TLS_AES_128_GCM_SHA256', id: '0x1301' }],
    },
    serverOrder: {},
    groups: { 'TLSv1.3': ['x25519'] },
    signatureAlgorithms: { 'TLSv1.3': ['ecdsa_secp256r1_sha256'] },
    certificates: [
      {
        name: 'api.test',
        serialNumber: '01',
        subject: 'CN=api.test',
        issuer: 'CN=Acme Issuing CA',
        subjectAltName: ['DNS:api.test'],
        notBefore: '2026-05-01T00:00:00Z',
        notAfter: '2027-06-01T00:00:00Z',
        keyType: 'ec-p256',
        signatureAlgorithm: 'ecdsaWithSHA256',
        fingerprint256: '00',
        status: 'valid',
      },
    ],
    clientAuth: { requested: true, required: true, enforcedBy: 'tls', acceptableCAs: ['CN=Acme Issuing CA'] },
    checks: [
      {
        id: 'certificate-trusted',
        title: 'Shows a certificate that leads to a trust anchor',
        status: 'pass',
        evidence: 'a path of 3 certificates, anchored in the local root',
        severity: 'high',
        citation: 'RFC 5280 §6.1',
        remediation: 'Send the chain.',
      },
    ],
    proof: null,
    summary: { pass: 1, fail: 0, advisory: 0, inconclusive: 0, notApplicable: 0 },
    verdict: 'pass',
    ...change,
  };
}

/** A row of a proof: `none`, refused by an alert; `change` makes another of it. */
export function sampleRow(change: Partial<ProofRow> = {}): ProofRow {
  return {
    credential: 'none',
    tlsVersion: 'TLSv1.3',
    alpn: null,
    path: '/',
    keyType: null,
    expected: 'refuse',
    observed: 'refused',
    status: 'pass',
    severity: 'critical',
    how: 'alert',
    alert: 'certificate_required',
    httpStatus: null,
    evidence: 'TLS alert certificate_required (116)',
    twin: 'accepted',
    ...change,
  };
}
