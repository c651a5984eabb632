import { describe, expect, it } from 'vitest';
import { OFFER_CHECKS } from '../../../src/probe/checks/index.js';
import { told, untold } from '../../../src/probe/scan.js';
import { sampleScan, seen, untoldScan, withDh, withSuites, withVersion } from '../sample-scan.js';
import { changedBy, type Example, findingOf, statusesOf } from './example.js';
import { KEY_EXAMPLES } from './key-examples.js';
import { SUITE_EXAMPLES } from './suite-examples.js';
import { TRAIT_EXAMPLES } from './trait-examples.js';
import { VERSION_EXAMPLES } from './version-examples.js';

const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  versions: VERSION_EXAMPLES,
  suites: SUITE_EXAMPLES,
  'keys and signatures': KEY_EXAMPLES,
  'traits, sessions and faults': TRAIT_EXAMPLES,
};

describe.each(Object.entries(EXAMPLES))('%s', (_group, examples) => {
  it.each(examples)('%s', (_claim, change, changed) => {
    expect(changedBy(change)).toEqual(changed);
  });
});

describe('each check of what is offered', () => {
  const all = Object.values(EXAMPLES).flat();
  const shown = all.map(([, change]) => statusesOf(sampleScan(change)));
  const ids = OFFER_CHECKS.map(({ id }) => id);

  it.each(ids)('%s is shown to fail and to pass', (id) => {
    expect(shown.some((statuses) => statuses[id] === 'fail')).toBe(true);
    expect(shown.some((statuses) => statuses[id] === 'pass')).toBe(true);
  });

  it.each(ids)('%s is inconclusive where nothing was seen, and says why', (id) => {
    const { status, evidence } = findingOf(id, untoldScan());

    expect(status).toBe('inconclusive');
    expect(evidence).toContain('no answer came in time');
  });

  it('passes a clean endpoint, or has nothing to say of it', () => {
    const statuses = Object.entries(statusesOf(sampleScan()));

    expect(statuses.filter(([, status]) => status === 'fail' || status === 'inconclusive')).toEqual([]);
    expect(statuses.filter(([, status]) => status === 'not-applicable').map(([id]) => id)).toEqual([
      'offers-no-suites-that-h2-prohibits',
      'offers-no-dh-under-1024-bits',
      'offers-no-dh-under-2048-bits',
      'uses-known-dh-groups',
      'supports-encrypt-then-mac',
      'supports-fallback-scsv',
      'not-vulnerable-to-robot',
    ]);
  });

  it('advises a directive of nginx, of Apache and of HAProxy', () => {
    const exempt = ['not-vulnerable-to-heartbleed'];
    for (const { id, remediation } of OFFER_CHECKS.filter((check) => !exempt.includes(check.id)))
      for (const server of ['nginx', 'Apache', 'HAProxy']) expect(remediation, id).toContain(server);
  });

  it('never says nothing', () => {
    for (const [claim, change] of all)
      for (const { id } of OFFER_CHECKS)
        expect(findingOf(id, sampleScan(change)).evidence, `${id}: ${claim}`).toMatch(/\w/);
  });
});

describe('the evidence', () => {
  it('names what was found, newest version first', () => {
    expect(findingOf('offers-no-rc4-suites', sampleScan(withSuites('TLS_RSA_WITH_RC4_128_SHA')))).toEqual({
      status: 'fail',
      evidence: 'TLSv1.2: TLS_RSA_WITH_RC4_128_SHA',
    });
  });

  it('names the cipher kinds of SSL 2.0', () => {
    const kinds = { ids: [0x010080, 0x0700c0], incomplete: null, serverOrder: untold('the client chooses') };
    const scan = sampleScan({ ...withVersion('SSLv2'), cipherSuites: new Map([['SSLv2', kinds]]) });

    expect(findingOf('offers-no-ssl-2', scan).evidence).toBe(
      'answered a CLIENT-HELLO of SSLv2 with SSL_CK_RC4_128_WITH_MD5, SSL_CK_DES_192_EDE3_CBC_WITH_MD5',
    );
  });

  it('tells what was looked at where nothing was found', () => {
    expect(findingOf('offers-no-rc4-suites', sampleScan()).evidence).toBe(
      'none among 6 suites of TLSv1.3, TLSv1.2',
    );
  });

  it('stays readable where there are many', () => {
    const ciphers = ['128_CBC_SHA', '256_CBC_SHA', '128_CBC_SHA256', '256_CBC_SHA256', '128_GCM_SHA256'];
    const aes = ciphers.map((cipher) => `TLS_RSA_WITH_AES_${cipher}`);
    const camellia = ciphers.map((cipher) => `TLS_RSA_WITH_CAMELLIA_${cipher}`);
    const { evidence } = findingOf('offers-no-static-rsa', sampleScan(withSuites(...aes, ...camellia)));

    expect(evidence).toMatch(/^TLSv1\.2: TLS_RSA_WITH_AES_128_CBC_SHA, .*, and 2 more$/);
  });

  it('says of a label that it is one', () => {
    const labels = OFFER_CHECKS.filter(({ id }) => id.startsWith('not-exposed-to-'));

    expect(labels).toHaveLength(8);
    for (const { id } of labels)
      expect(findingOf(id, sampleScan()).evidence).toMatch(/^derived from what is offered, not tried: /);
  });

  it('has the size and the name of a Diffie-Hellman group', () => {
    expect(findingOf('offers-no-dh-under-2048-bits', sampleScan(withDh(1024))).evidence).toBe(
      '1024 bits, a group of its own (TLSv1.2, TLS_DHE_RSA_WITH_AES_128_GCM_SHA256)',
    );
  });
});

describe('a fault that needs a whole handshake', () => {
  const untried = sampleScan({
    sessions: { clientRenegotiation: untold('the handshake ends by an alert') },
    faults: {
      ticketbleed: untold('the handshake ends by an alert'),
      robot: untold('the handshake ends by an alert'),
    },
    ...withSuites('TLS_RSA_WITH_AES_128_GCM_SHA256'),
  });
  const ids = ['not-vulnerable-to-ticketbleed', 'not-vulnerable-to-robot', 'refuses-client-renegotiation'];

  it.each(ids)('%s is out of a stranger’s reach where TLS demands a client certificate', (id) => {
    const check = OFFER_CHECKS.find((one) => one.id === id)!;
    const clientAuth = { requested: true, required: true, enforcedBy: 'tls', acceptableCAs: [] } as const;

    expect(check.run(seen(untried, clientAuth)).status).toBe('not-applicable');
    expect(check.run(seen(untried, { ...clientAuth, enforcedBy: 'http' })).status).toBe('inconclusive');
    expect(check.run(seen(untried, { ...clientAuth, required: false })).status).toBe('inconclusive');
    const tried = sampleScan(withSuites('TLS_RSA_WITH_AES_128_GCM_SHA256'));
    expect(check.run(seen(tried, clientAuth)).status).toBe('pass');
  });
});

it('no session is missed where clients are asked for certificates, which a resumed one would skip', () => {
  const check = OFFER_CHECKS.find(({ id }) => id === 'resumes-sessions')!;
  const clientAuth = { requested: true, required: true, enforcedBy: 'http', acceptableCAs: [] } as const;
  const status = (resumes: boolean, requested: boolean) =>
    check.run(
      seen(sampleScan({ sessions: { resumesByTicket: told(resumes), resumesTls13: told(resumes) } }), {
        ...clientAuth,
        requested,
      }),
    ).status;

  expect(status(false, true)).toBe('not-applicable');
  expect(status(false, false)).toBe('fail');
  expect(status(true, true)).toBe('pass');
});
