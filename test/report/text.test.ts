import { describe, expect, it } from 'vitest';
import { text } from '../../src/report/text.js';
import { sampleReport, sampleRow } from './sample-report.js';

const GOOD = {
  credential: 'good',
  expected: 'accept',
  observed: 'accepted',
  how: null,
  alert: null,
  httpStatus: 200,
  evidence: 'HTTP 200',
  twin: 'not-run',
} as const;

describe('the report as text', () => {
  it('is a screen that ends in the next step', () => {
    expect(text(sampleReport())).toBe(`PASS  api.test:8443 (at 192.0.2.7)

  speaks       TLS 1.2, TLS 1.3
  agrees on    TLS_AES_128_GCM_SHA256
  certificate  CN=api.test, ec-p256, by CN=Acme Issuing CA, until 2027-06-01
  clients      must show a certificate, turned away by TLS

In order
  Shows a certificate that leads to a trust anchor: a path of 3 certificates, anchored in the local root

1 pass, 0 fail; 23 connections, 120 ms
Whom it lets in, only a proof tells: add --prove-mtls.
`);
  });

  it('says first what is to do, the worst first, and what each credential got', () => {
    const [check] = sampleReport().checks;
    const letIn = { observed: 'accepted', status: 'fail', how: null, alert: null, httpStatus: 200 } as const;
    const report = sampleReport({
      verdict: 'fail',
      checks: [
        { ...check!, status: 'fail', severity: 'medium', evidence: '3 days left', title: 'Has time' },
        { ...check!, id: 'b', status: 'inconclusive', evidence: 'silence', title: 'Is known' },
      ],
      proof: [
        sampleRow({ ...GOOD, tlsVersion: 'TLSv1.2' }),
        sampleRow({
          ...letIn,
          tlsVersion: 'TLSv1.2',
          evidence: 'HTTP 200; certificates are optional: change it',
        }),
        sampleRow({ ...GOOD, tlsVersion: 'TLSv1.2' }),
        sampleRow(GOOD),
        sampleRow({ ...letIn, evidence: 'HTTP 200; certificates are optional: change it' }),
        sampleRow({ credential: 'expired', how: 'closed', alert: null, evidence: 'closed' }),
        sampleRow(GOOD),
      ],
      summary: { pass: 5, fail: 3, advisory: 0, inconclusive: 1, notApplicable: 0 },
    });

    expect(text(report)).toBe(`FAIL  api.test:8443 (at 192.0.2.7)

  speaks       TLS 1.2, TLS 1.3
  agrees on    TLS_AES_128_GCM_SHA256
  certificate  CN=api.test, ec-p256, by CN=Acme Issuing CA, until 2027-06-01
  clients      must show a certificate, turned away by TLS

To do
  critical   none was let in (TLS 1.2, TLS 1.3)
             HTTP 200
             certificates are optional: change it
  medium     Has time
             3 days left
             Send the chain.
  undecided  Is known
             silence

Proof
    shown    TLS 1.2              TLS 1.3
 ✓  good     accepted (HTTP 200)  accepted (HTTP 200)
 ✗  none     accepted (HTTP 200)  accepted (HTTP 200)
 ✓  expired                       refused (closed)

5 pass, 3 fail, 1 undecided; 23 connections, 120 ms
`);
  });

  it('says what to do about a target that was not reached', () => {
    const error = { code: 'ERR_UNREACHABLE', message: 'cannot reach it', hint: 'Check the port.' } as const;

    expect(text(sampleReport({ verdict: 'inconclusive', error, checks: [] }))).toBe(
      'INCONCLUSIVE  api.test:8443 (at 192.0.2.7)\n\n  cannot reach it (ERR_UNREACHABLE)\n  Check the port.\n',
    );
  });

  it('of several ends in a count', () => {
    const reports = [sampleReport(), sampleReport({ verdict: 'fail' })];

    expect(text({ schemaVersion: 1, reports, verdict: 'fail' })).toMatch(
      /\n\nFAIL: of 2 targets 1 pass, 1 fail, 0 could not be decided\n$/,
    );
  });

  it('lets nothing of a stranger steer the terminal', () => {
    const [leaf] = sampleReport().certificates;
    const report = sampleReport({ certificates: [{ ...leaf!, subject: 'CN=\u001b[2Jx\u202e' } as never] });

    expect(text(report)).not.toMatch(/\p{Cf}|\p{Cc}(?<!\n)/u);
  });
});
