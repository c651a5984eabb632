import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ekuServerOnly } from '../../src/credentials/eku-server-only.js';
import { expired } from '../../src/credentials/expired.js';
import { revoked } from '../../src/credentials/revoked.js';
import { rogueCa } from '../../src/credentials/rogue-ca.js';
import { selfSigned } from '../../src/credentials/self-signed.js';
import { type GeneralName, parseGeneralName } from '../../src/x509/general-name.js';
import { build } from '../build.js';
import { freePort } from '../free-port.js';
import { htmlFaults } from '../report/readers.js';
import { canBrowse, type PersonsBrowser, startBrowser } from './browser.js';
import {
  ACTIVE,
  FOCUSED,
  HEADINGS,
  INTRUSION,
  OVERFLOW,
  PALE,
  PERMISSIONS,
  REFUSALS,
  TREE,
} from './in-page.js';
import { ask, openPage, type PageRecord, photograph, shows, textOf } from './open-page.js';
import { ACCESS_FILE, PageLab } from './page-lab.js';

const possible = canBrowse();
let lab: PageLab;
/** Where a certificate is required, and where it is optional. */
let url: string;
let open: string;
let person: PersonsBrowser;
let page: Page;
let record: PageRecord;
/** How many requests of alice's were refused. */
let denied: number;

beforeAll(async () => {
  if (!possible) return;
  build();
  lab = await PageLab.start();
  lab.allow(...READING, ['POST', '/echo']);
  [url, open] = await Promise.all([
    lab.serve(await freePort(), ...BY_RULES),
    lab.serve(0, '--client-auth', 'optional'),
  ]);
  const shows = [
    { url, commonName: 'alice' },
    { url: byAddress(), commonName: HOSTILE },
  ];
  person = await startBrowser({ caFile: lab.place.at('pki/ca.crt'), shows });
});
afterAll(async () => {
  await person?.close();
  await lab?.stop();
});

describe.runIf(possible)('in a Chromium without a client certificate, the page', () => {
  it('lets one look around where that is optional, and tells how to get in', async () => {
    const { page: stranger, record: done } = await openPage(person.browser, open);

    expect(await textOf(stranger, 'h1')).toBe('Hello, whoever you are.');
    expect(await textOf(stranger, '#you')).toMatch(/anonymous\s+no certificate was shown/);
    expect(await textOf(stranger, '#steps')).toMatch(
      /sslapi issue-client NAME\nsslapi export NAME --format p12 --out NAME\.p12\n.*Firefox: .*Come back/s,
    );
    expect(await ask(stranger, PERMISSIONS)).toContainEqual(['POST', '/echo', false, '✗POST refused, ']);
    expect(await ask(stranger, HEADINGS)).toEqual(['1 Hello, whoever you are.', '2 How to get in', ...REST]);
    expect(done.console).toEqual([]);
    await inEveryLight(stranger, 'anonymous');
    await stranger.close();
  });

  it('says why nobody is let in without one where it is required, and how to get in', async () => {
    const stranger = await person.browser.newPage();
    const asked: string[] = [];
    stranger.on('request', (request) => asked.push(request.url()));

    const answer = await stranger.goto(url.replace('localhost', 'visitor.localhost'));

    expect(answer?.status()).toBe(401);
    expect(answer?.headers()['content-security-policy']).toMatch(/^default-src 'none'; /);
    expect(await textOf(stranger, '#notice')).toMatch(
      /^The server refuses you: no client certificate was presented\s+no-certificate\s+make one with/,
    );
    expect(await textOf(stranger, '#steps')).toMatch(/sslapi issue-client NAME.*Come back/s);
    expect(await ask(stranger, HEADINGS)).toEqual(['1 You are not let in.', '2 How to get in']);
    expect(asked.filter((one) => !one.startsWith('data:'))).toHaveLength(1);
    await inEveryLight(stranger, 'refused');
    await stranger.close();
  });
});

describe.runIf(possible)('in a Chromium with client certificates in its NSS store, the page', () => {
  beforeAll(async () => {
    await lab.ca.issueClient({ commonName: 'alice', subjectAltName: [parseGeneralName(SPIFFE)] });
    person.import(await lab.export('alice'), await lab.mintP12(HOSTILE, MANY_NAMES));
    ({ page, record } = await openPage(person.browser, url));
  });

  it('says who the client is, and by which handshake', async () => {
    expect(await textOf(page, 'h1')).toBe('Hello, alice.');
    expect(await page.title()).toBe('alice: mutual TLS, live');
    expect(await textOf(page, '#you-name')).toBe('alice');
    expect(await textOf(page, '#you-proof')).toMatch(
      /^your key proved it, Acme Issuing CA \w+ vouches for it$/,
    );
    expect(await textOf(page, '#server-name')).toBe(new URL(url).host);
    expect(await textOf(page, '#protocol')).toBe('TLS 1.3');
    expect(await textOf(page, '#cipher-suite')).toMatch(/^TLS_(AES_\d+_GCM|CHACHA20_POLY1305)_SHA\d+$/);
    expect(await textOf(page, '#how')).toMatch(/^(full handshake|resumed session), certificate required$/);
    expect(await ask(page, HEADINGS)).toEqual(['1 Hello, alice.', ...REST]);
  });

  it('shows both chains as one tree, with what each certificate says', async () => {
    const tree = await ask<string[][]>(page, TREE);
    const alice = await textOf(page, '#tree .client');
    const [view] = await lab.ca.list({ name: 'alice' });

    const [root, issuing] = [
      expect.stringMatching(/^Acme Root CA/),
      expect.stringMatching(/^Acme Issuing CA/),
    ];
    expect(tree).toEqual([
      ['root, trusted', root, '9.9 years left', null],
      ['CA', issuing, '4.9 years left', root],
      ['this server', 'localhost', '396 days left', issuing],
      ['you', 'alice', '89 days left', issuing],
    ]);
    const { serialNumber, fingerprint256, notAfter, issuer } = view!;
    const end = notAfter.replace('T', ' ').replace('Z', ' UTC');
    for (const fact of [serialNumber, fingerprint256, end, issuer, SPIFFE]) expect(alice).toContain(fact);
  });

  it('says of each method and path what the server then does', async () => {
    const said = await ask<Array<[string, string, boolean]>>(page, PERMISSIONS);

    const done = await Promise.all(
      said.map(async ([method, path]) => {
        const { status } = await lab.call('alice', url + path.replace('{id}', 'x'), '--request', method);
        return [method, path, status > 0 && status !== 403];
      }),
    );

    expect(said.map((one) => one.slice(0, 3))).toEqual(done);
    expect(done).toContainEqual(['GET', '/whoami', true]);
    expect(done).toContainEqual(['POST', '/echo', true]);
    expect(done).toContainEqual(['GET', '/admin', false]);
    const allowed = done.filter(([, , isAllowed]) => isAllowed).length;
    denied = done.length - allowed;
    expect(await textOf(page, '#permissions-lead')).toBe(`As alice: ${allowed} of ${done.length} allowed.`);
  });

  it('follows the rules when their file changes', async () => {
    lab.allow(...READING);

    await page.waitForFunction(
      `!(${PERMISSIONS}).some(([method, , isAllowed]) => method === 'POST' && isAllowed)`,
    );
    expect(await ask(page, PERMISSIONS)).toContainEqual(['GET', '/whoami', true, '✓GET allowed, ']);
  });

  it('tells within seconds who was refused elsewhere, why, and what helps', async () => {
    await shows(page, '#refusals', `${denied} ×`);
    await ask(page, `document.querySelector('#tree .server summary').click()`);

    await lab.call(null, `${url}/whoami`);
    await shows(page, '#refusals', 'no-certificate');
    for (const credential of [selfSigned, rogueCa, expired, revoked, ekuServerOnly])
      expect(await lab.callWith(credential, `${url}/whoami`)).toMatchObject({ status: 403 });
    await lab.call(null, `${url}/whoami`);
    await lab.call(null, url.replace('https', 'http'));
    await shows(page, '#refusals', 'not-tls');

    const [another, renewed] = ['have one issued by this CA', 'have a new one issued'];
    const refusals = await ask<Record<string, [number, string]>>(page, REFUSALS);
    expect(refusals).toMatchObject({
      'not-allowed': [
        denied,
        'whoever runs this server can allow it with a rule: sslapi serve --access FILE',
      ],
      'no-certificate': [3, expect.stringContaining('present it: curl --cert cert.pem')],
      'root-not-trusted': [1, `${another}: sslapi issue-client NAME`],
      'signature-invalid': [
        1,
        expect.stringMatching(/^have one .*bears the name of this CA, not its signature$/),
      ],
      'cert-expired': [1, `${renewed}: sslapi issue-client NAME`],
      'cert-revoked': [1, `${renewed}: sslapi issue-client NAME`],
      'eku-missing': [1, expect.stringContaining('extended key usage clientAuth')],
      'not-tls': [1, 'call it by https://'],
    });
    const all = Object.values(refusals).reduce((sum, [count]) => sum + count, 0);
    expect(await textOf(page, '#tiles')).toContain(`refused\n${all}`);
    expect(await ask(page, `document.querySelector('#tree .server').open`)).toBe(true);
  });

  it('costs its reader no request while it stays open, and asks nobody else for anything', async () => {
    const left = async () =>
      Number(/^ratelimit-remaining: (\d+)/im.exec((await lab.call('alice', `${url}/whoami`)).head)?.[1]);
    const before = await left();
    const refused = Number.parseInt(await textOf(page, '#minute-refused'), 10);
    await lab.call(null, `${url}/whoami`);
    await shows(page, '#minute-refused', `${refused + 1} refused`);

    expect(await left()).toBe(before - 1);
    expect(record.requests.filter((asked) => !asked.startsWith('data:'))).toEqual([
      `${url}/`,
      `${url}/overview.json`,
    ]);
    expect(record.console).toEqual([]);
  });

  it('is right HTML once it is drawn', async () => {
    expect(await htmlFaults(await page.content())).toEqual([]);
  });

  it('fits a phone, and is readable there and on a desk, by day and by night', async () => {
    await inEveryLight(page, 'alice');
  });

  it('moves nothing for those who want it still', async () => {
    const moving = async (value: string) => {
      await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value }]);
      return page.evaluate('document.getAnimations().length');
    };

    expect(await moving('reduce')).toBe(0);
    expect(await moving('no-preference')).toBeGreaterThan(0);
  });

  it('is used by keyboard, and shows where one is', async () => {
    const reached: unknown[] = [];
    await page.evaluate('document.activeElement.blur()');
    for (let tab = 0; tab < 7; tab += 1) {
      await page.keyboard.press('Tab');
      reached.push(await ask(page, FOCUSED));
      if (tab === 1) await page.keyboard.press('Enter');
    }

    const stops = ['Skip', 'root,', 'CA', 'this', 'you', '/overview.json', '/openapi.json'];
    expect(reached).toEqual(stops.map((stop) => [stop, true]));
    expect(await ask(page, `document.querySelector('#tree details').open`)).toBe(true);
  });

  it('takes a name that looks like a script as a name, with its unseen characters seen', async () => {
    const { page: hostile, record: done } = await openPage(person.browser, byAddress());
    const seen = HOSTILE.replace('\u202e', '\\u202e');

    expect(await textOf(hostile, 'h1')).toBe(`Hello, ${seen}.`);
    expect(await textOf(hostile, '#tree .client .who')).toBe(seen);
    expect(await textOf(hostile, '#tree .client .facts')).toMatch(/DNS:h7\.acme\.test\s+and 92 more\nkey\n/);
    await ask(hostile, `document.querySelector('.more summary').click()`);
    expect(await textOf(hostile, '#tree .client .facts')).toContain('DNS:h98.acme.test, URI:https://x/">');
    expect(await ask(hostile, ACTIVE)).toEqual([]);
    expect(await ask(hostile, 'window.pwned ?? null')).toBe(null);
    expect(done.console).toEqual([]);
    await inEveryLight(hostile, 'hostile');
    await hostile.close();
  });

  it('runs no script and takes no style that is not its own, and reaches no other server', async () => {
    const { page: victim } = await openPage(person.browser, url);

    expect(await ask(victim, INTRUSION)).toEqual({
      markup: 'TypeError',
      elsewhere: 'TypeError',
      display: 'block',
      blocked: ['connect-src', 'frame-src', 'img-src', 'require-trusted-types-for', 'style-src-elem'],
      pwned: null,
    });
    await victim.close();
    await page.bringToFront();
  });

  it('tells its reader that the rules let nobody look any more, and why', async () => {
    lab.allow();
    await shows(page, '#notice', 'alice may not GET /overview.json');
    expect(await textOf(page, 'h1')).toBe('You are no longer let in.');
    expect((await page.reload())?.status()).toBe(403);
    expect(await textOf(page, 'h1')).toBe('You are not let in.');
    expect(await textOf(page, '#notice')).toMatch(
      /^The server refuses you: alice may not GET \/\s+not-allowed\s/,
    );
    expect(await ask(page, HEADINGS)).toEqual(['1 You are not let in.']);
    await inEveryLight(page, 'denied');

    lab.allow(...READING);
    await lab.until('alice', url, 200);
    await page.click('#notice button');
    await shows(page, '[data-state=live]', 'live');
    expect(await textOf(page, 'h1')).toBe('Hello, alice.');
  });

  it('gives a program the index of the API', async () => {
    const { status, head, body } = await lab.call('alice', `${url}/`);

    expect(status).toBe(200);
    expect(head).toMatch(/^content-type: application\/json/m);
    expect(JSON.parse(body)).toMatchObject({
      identity: { name: 'alice' },
      permissions: expect.arrayContaining([
        expect.objectContaining({ path: '/whoami', allowed: { GET: true } }),
      ]),
    });
  });

  it('says that the server stopped, and goes on when it is back', async () => {
    await page.click('#tree .trust-anchor summary');
    await lab.end(url);
    await shows(page, '#pulse', 'not live');
    await shows(page, '#lost', 'what stands below is what it said last');
    expect(await textOf(page, '#lost')).toMatch(/^The server does not answer\.\nIt is asked again /);
    expect(await page.title()).toBe('alice: mutual TLS, not live');
    await inEveryLight(page, 'stopped');

    await lab.serve(Number(new URL(url).port), ...BY_RULES);

    await shows(page, '[data-state=live]', 'live');
    expect(await ask(page, `document.querySelector('#lost').checkVisibility()`)).toBe(false);
    expect(await ask(page, `document.querySelector('#tree .trust-anchor').open`)).toBe(true);
    expect(await textOf(page, '#news')).toBe('The server answers again');
  });

  it('says within seconds that its reader has been revoked, and does not come back', async () => {
    await lab.place.ok('revoke', 'alice', '--reason', 'keyCompromise');

    await shows(page, '#notice', 'cert-revoked');
    expect(await textOf(page, '#notice')).toMatch(
      /^The server refuses you: certificate revoked on \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC \(keyCompromise\)\n/,
    );
    expect(await textOf(page, 'h1')).toBe('You are no longer let in.');
    expect(await textOf(page, '#pulse')).toBe('refused');
    expect(await page.title()).toBe('alice: mutual TLS, refused');
    await inEveryLight(page, 'revoked');
    const asked = record.requests.length;
    await ask(page, 'new Promise((go) => setTimeout(go, 700))');
    expect(record.requests).toHaveLength(asked);
  });
});

/** Readable on every screen, by day and by night, and with letters twice as large. */
async function inEveryLight(of: Page, name: string): Promise<void> {
  const chromium = await of.createCDPSession();
  for (const [screen, width, height, letters] of SCREENS) {
    await chromium.send('Page.setFontSizes', { fontSizes: { standard: letters, fixed: letters } });
    await of.setViewport({ width, height });
    expect([screen, ...(await ask<unknown[]>(of, OVERFLOW))]).toEqual([screen, `${letters}px`, 0]);
    for (const [value, paper] of Object.entries(PAPER)) {
      await of.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
      expect(await ask(of, 'getComputedStyle(document.body).backgroundColor')).toBe(paper);
      expect(await ask(of, PALE)).toEqual([]);
      await photograph(of, `${name}-${screen}-${value}`);
    }
  }
}

/** The same server by its address: the browser shows it the other certificate. */
function byAddress(): string {
  return url.replace('localhost', '127.0.0.1');
}

const SCREENS = [
  ['phone with large letters', 390, 844, 32],
  ['desk', 1280, 800, 16],
  ['desk at 200 %', 640, 400, 16],
  ['phone', 390, 844, 16],
  ['small phone', 320, 568, 16],
] as const;
const PAPER = { light: 'rgb(255, 255, 255)', dark: 'rgb(17, 21, 28)' };
const REST = ['2 Live', '3 Who was refused, why, and what helps', '2 Certificates', '2 What you may do'];
const BY_RULES = ['--access', ACCESS_FILE];
const READING = ['/', '/overview.json', '/whoami', '/openapi.json'].map((path) => ['GET', path] as const);
const SPIFFE = 'URI:spiffe://acme/alice';
const HOSTILE = '<img/src=x/onerror=pwned=1><script>pwned=1</script>\u202egnp';
const MANY_NAMES: readonly GeneralName[] = [
  ...Array.from({ length: 99 }, (_, index) => parseGeneralName(`DNS:h${index}.acme.test`)),
  { type: 'uniformResourceIdentifier', value: 'https://x/"><script>pwned=1</script>' },
];
