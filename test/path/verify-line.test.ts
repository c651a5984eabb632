import { describe, expect, it } from 'vitest';
import { answerBatchLine, batchAnswerer } from '../../src/path/verify-line.js';
import { fingerprint256 } from '../../src/x509/fingerprint.js';
import { encodePem } from '../../src/x509/pem.js';
import { makeCa, makeCrl, makeLeaf, NOW } from './certificate-maker.js';

const root = makeCa('CN=Root');
const issuing = makeCa('CN=Issuing', { issuer: root });
const leaf = makeLeaf(issuing, 'api.test');
const crls = [root, issuing].map((ca) => encodePem('X509 CRL', makeCrl(ca)));

const good = {
  id: 'one',
  leaf: leaf.pem,
  trusted: [root.pem],
  untrusted: [issuing.pem],
  crls,
  at: NOW.toISOString(),
  purpose: 'server',
  names: [{ type: 'dns', value: 'api.test' }],
  maxDepth: null,
  profile: 'rfc5280',
  policy: null,
};

function answer(question: unknown, now = NOW): Record<string, unknown> {
  const line = typeof question === 'string' ? question : JSON.stringify(question);
  return JSON.parse(answerBatchLine(line, now)) as Record<string, unknown>;
}

describe('a line of verify --batch', () => {
  it('is answered with the path as fingerprints, the leaf first', () => {
    expect(answer(good)).toEqual({
      id: 'one',
      ok: true,
      path: [leaf, issuing, root].map(({ der }) => fingerprint256(der)),
      notes: [],
    });
  });

  it('is answered with a reason, a sentence and the certificate at fault', () => {
    const { id, ok, reason, message, certificate } = answer({ ...good, at: '2040-01-01T00:00:00Z' });

    expect({ id, ok, reason, certificate }).toEqual({
      id: 'one',
      ok: false,
      reason: 'cert-expired',
      certificate: fingerprint256(leaf.der),
    });
    expect(message).toMatch(/^valid until 2027-/);
  });

  it('may leave out all but the certificates', () => {
    expect(answer({ id: 7, leaf: leaf.pem, trusted: [issuing.pem] })['ok']).toBe(true);
  });

  it('is judged by the clock where it names no time', () => {
    expect(answer({ ...good, at: null, crls: [] })['ok']).toBe(true);
    expect(answer({ ...good, at: null, crls: [] }, new Date('2040-01-01'))['reason']).toBe('cert-expired');
  });

  it('may give its time with an offset or a part of a second', () => {
    expect(answer({ ...good, at: '2026-06-01T14:00:00+02:00' })['ok']).toBe(true);
    expect(answer({ ...good, at: '2026-06-01T12:00:00.005Z' })['ok']).toBe(true);
  });

  it.each<[string, unknown]>([
    ['is empty', ''],
    ['is no JSON', '{'],
    ['is no object', '[1]'],
    ['is null', 'null'],
    ['has no leaf', { ...good, leaf: undefined }],
    ['has a leaf that is no PEM', { ...good, leaf: 'AAAA' }],
    ['has a leaf whose base64 is broken', { ...good, leaf: leaf.pem.replace('M', '!') }],
    ['has a key for a leaf', { ...good, leaf: encodePem('PRIVATE KEY', leaf.der) }],
    ['has two certificates in one text', { ...good, leaf: leaf.pem + root.pem }],
    ['trusts nothing', { ...good, trusted: undefined }],
    ['trusts a number', { ...good, trusted: [1] }],
    ['has a CRL that is a certificate', { ...good, crls: [root.pem] }],
    ['has an unknown purpose', { ...good, purpose: 'mail' }],
    ['has an unknown profile', { ...good, profile: 'strict' }],
    ['has a name of an unknown type', { ...good, names: [{ type: 'cn', value: 'api.test' }] }],
    ['has half a policy', { ...good, policy: { initialSet: [] } }],
    ['has a policy that is a text', { ...good, policy: 'gold' }],
    ['has a negative depth', { ...good, maxDepth: -1 }],
    ['has a time without a zone', { ...good, at: '2026-06-01T12:00:00' }],
    ['has a day that no calendar has', { ...good, at: '2026-02-31T25:00:00Z' }],
  ])('that %s is malformed-input', (_what, question) => {
    const { ok, reason, certificate } = answer(question);

    expect({ ok, reason, certificate }).toEqual({ ok: false, reason: 'malformed-input', certificate: null });
  });

  it('keeps its id even when the rest cannot be read', () => {
    expect(answer({ id: 'x', leaf: 1 })['id']).toBe('x');
  });

  it('with a certificate that breaks DER is an answer about that certificate, not a malformed line', () => {
    const cut = encodePem('CERTIFICATE', leaf.der.subarray(0, 100));

    expect(answer({ ...good, leaf: cut })['reason']).toBe('der-invalid');
    expect(answer({ ...good, untrusted: [cut, issuing.pem] })['ok']).toBe(true);
  });
});

it('an answerer gives the same answers however often it is asked, and whatever came between', () => {
  const ask = batchAnswerer(() => NOW);
  const bad = { ...good, untrusted: [makeCa('CN=Issuing').pem] };
  const questions = [good, bad, good, { ...good, crls: [] }, bad, good].map((one) => JSON.stringify(one));

  expect(questions.map(ask)).toEqual(questions.map((line) => answerBatchLine(line, NOW)));
});
