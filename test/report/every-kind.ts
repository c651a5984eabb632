import type { ProbeReport, ProbeReports } from '../../src/probe/probe-report.js';
import { sampleReport, sampleRow } from './sample-report.js';

/** What a stranger might call himself, to break out of every format there is. */
export const HOSTILE = [
  '\u001b[2J\u001b]0;owned\u0007',
  ']]> <!-- --> <script>alert(1)</script></style></title> <img src=x onerror=alert(1)> &amp; &#0;',
  `"double" 'single' \`code\` \${x} {{x}} \\ \\" %00 %s $x$`,
  '| a | b | ~~x~~ **bold** _it_ [x](javascript:alert(1)) ![i](http://evil.test/i.png) http://evil.test www.evil.test',
  '@everyone #1 a@evil.test',
  '\n# heading\r\n\r\n| --- |\n- list\n```\n',
  '\u0000\u0008\u000b\u007f\u0085\u2028\u2029\u202e\u200b\ufeff\ufffe\uffff\ud800 \udfff \u{1f600}',
].join(' ');

const GOOD = {
  ...({ credential: 'good', expected: 'accept', observed: 'accepted', how: null, alert: null } as const),
  ...({
    httpStatus: 200,
    evidence: 'HTTP 200',
    twin: 'not-run',
    keyType: 'ec-p256',
    alpn: 'http/1.1',
  } as const),
};
const LET_IN = {
  ...({
    observed: 'accepted',
    status: 'fail',
    how: null,
    alert: null,
    httpStatus: 200,
    alpn: 'http/1.1',
  } as const),
  evidence: 'HTTP 200; certificates are optional here: nginx `ssl_verify_client on;`',
};

/** One report of each kind, by a name. */
export function everyKind(): Record<string, ProbeReport | ProbeReports> {
  const pass = sampleReport();
  const fail = failedReport();
  const unreachable = unreachedReport();
  const hostile = hostileReport();
  const reports = [fail, { ...pass, target: { ...pass.target, port: 443 } }, unreachable];
  return {
    ...{ pass, fail, unreachable, hostile, since: reportSince(fail), proven: provenReport() },
    several: { schemaVersion: 1, reports, verdict: 'fail' },
  };
}

/** Of a server that `prove` has started, and that is known to be unable to do something. */
export function provenReport(): ProbeReport {
  const limit = { limit: 'caddy cannot check CRLs', credentials: ['revoked', 'revoked-latest'], rows: 2 };
  return sampleReport({
    server: { name: 'caddy', version: '2.6.2', level: 'modern', limits: [limit] },
    proof: [
      sampleRow(),
      ...limit.credentials.map((credential) => sampleRow({ credential, status: 'advisory' })),
    ],
  });
}

/** Everything that a report can hold, with something to do about most of it. */
export function failedReport(): ProbeReport {
  const [check] = sampleReport().checks;
  return sampleReport({
    target: {
      host: '2001:db8::7',
      port: 8443,
      servername: 'api.test',
      address: '2001:db8::7',
      starttls: 'smtp',
    },
    protocols: { SSLv2: null, SSLv3: true, TLSv1: true, 'TLSv1.1': false, 'TLSv1.2': true, 'TLSv1.3': false },
    cipherSuites: {
      SSLv3: [{ name: 'TLS_RSA_WITH_RC4_128_SHA', opensslName: 'RC4-SHA', id: '0x0005' }],
      'TLSv1.2': [
        { name: 'TLS_RSA_WITH_3DES_EDE_CBC_SHA', opensslName: 'DES-CBC3-SHA', id: '0x000a' },
        { name: 'TLS_RSA_WITH_NULL_SHA', opensslName: null, id: '0x0002' },
        { name: 'TLS_RSA_WITH_RC4_128_SHA', opensslName: 'RC4-SHA', id: '0x0005' },
        { name: 'TLS_RSA_WITH_RC4_128_MD5', opensslName: 'RC4-MD5', id: '0x0004' },
        { name: 'TLS_AES_128_GCM_SHA256', opensslName: null, id: '0x1301' },
      ],
    },
    serverOrder: { 'TLSv1.2': false },
    groups: { 'TLSv1.2': ['secp256r1'] },
    incomplete: { groups: { 'TLSv1.2': 'no answer came in time' } },
    alpn: ['h2', 'http/1.1'],
    certificates: [
      ...sampleReport().certificates,
      { fingerprint256: '0f', unreadable: 'not DER at offset 3' },
    ],
    checks: [
      ...sampleReport().checks,
      {
        ...check!,
        id: 'has-time',
        status: 'fail',
        severity: 'medium',
        title: 'Has time',
        evidence: '3 days left',
      },
      {
        ...check!,
        id: 'is-known',
        status: 'inconclusive',
        title: 'Is known',
        evidence: 'no answer came in time',
      },
      { ...check!, id: 'applies', status: 'not-applicable', title: 'Applies', evidence: 'no TLS 1.2' },
      {
        ...check!,
        id: 'no-ssl-3',
        status: 'fail',
        severity: 'critical',
        title: 'Does not offer SSL 3.0',
        evidence: 'SSLv3',
      },
    ],
    proof: [
      sampleRow(GOOD),
      sampleRow(LET_IN),
      sampleRow({ ...LET_IN, tlsVersion: 'TLSv1.2' }),
      sampleRow({ credential: 'expired', alert: 'certificate_expired' }),
      sampleRow({
        credential: 'eku-none',
        expected: 'either',
        ...LET_IN,
        status: 'advisory',
        severity: 'low',
      }),
      sampleRow({
        credential: 'revoked',
        observed: 'inconclusive',
        status: 'inconclusive',
        how: null,
        alert: null,
      }),
      sampleRow({
        credential: 'revoked-issuer',
        observed: 'not-sent',
        status: 'not-applicable',
        how: null,
        alert: null,
      }),
      sampleRow(GOOD),
    ],
    summary: { pass: 4, fail: 4, advisory: 1, inconclusive: 2, notApplicable: 2 },
    verdict: 'fail',
  });
}

export function unreachedReport(): ProbeReport {
  const none = { SSLv2: null, SSLv3: null, TLSv1: null, 'TLSv1.1': null, 'TLSv1.2': null, 'TLSv1.3': null };
  return sampleReport({
    target: { host: 'down.test', port: 443, servername: 'down.test', address: null },
    ...{
      protocols: none,
      cipherSuites: {},
      groups: {},
      signatureAlgorithms: {},
      certificates: [],
      checks: [],
    },
    clientAuth: { requested: null, required: null, enforcedBy: null, acceptableCAs: [] },
    summary: { pass: 0, fail: 0, advisory: 0, inconclusive: 0, notApplicable: 0 },
    verdict: 'inconclusive',
    error: {
      code: 'ERR_UNREACHABLE',
      message: 'cannot reach down.test: nothing listens there',
      hint: 'Check host and port.',
    },
  });
}

/** A report where everything that is a stranger's, and more, is hostile. */
export function hostileReport(): ProbeReport {
  const report = failedReport();
  return {
    ...report,
    target: { host: HOSTILE, port: 1, servername: HOSTILE, address: HOSTILE },
    cipherSuites: { 'TLSv1.2': [{ name: HOSTILE, opensslName: HOSTILE, id: '0x0005' }] },
    groups: { 'TLSv1.2': [HOSTILE] },
    alpn: [HOSTILE],
    certificates: report.certificates.map((one) =>
      'unreadable' in one
        ? { ...one, unreadable: HOSTILE }
        : {
            ...one,
            name: HOSTILE,
            subject: HOSTILE,
            issuer: HOSTILE,
            subjectAltName: [HOSTILE],
            keyType: HOSTILE,
          },
    ),
    clientAuth: { ...report.clientAuth, acceptableCAs: [HOSTILE] },
    checks: report.checks.map((check) => ({
      ...{ ...check, title: HOSTILE, evidence: HOSTILE, citation: HOSTILE, remediation: HOSTILE },
    })),
    proof: report.proof!.map((row) => ({
      ...row,
      evidence: `${HOSTILE}; ${HOSTILE}`,
      path: HOSTILE,
      alert: HOSTILE,
    })),
    baseline: {
      compared: { startedAt: '2026-05-01T00:00:00.000Z', version: HOSTILE },
      worse: [{ kind: 'check', what: HOSTILE, before: HOSTILE, after: HOSTILE, severity: 'low' }],
      ...{ better: [], changed: [] },
    },
  };
}

function reportSince(report: ProbeReport): ProbeReport {
  return {
    ...report,
    baseline: {
      compared: { startedAt: '2026-05-01T00:00:00.000Z', version: '1.2.2' },
      worse: [{ kind: 'check', what: 'no-ssl-3', before: 'pass', after: 'fail', severity: 'critical' }],
      better: [
        { kind: 'protocol', what: 'TLSv1', before: 'offered', after: 'not offered', severity: 'medium' },
      ],
      changed: [{ kind: 'group', what: 'x25519 (TLSv1.2)', before: 'offered', after: null, severity: null }],
    },
  };
}
