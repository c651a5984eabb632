import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { IssueWish } from '../../src/ca/issue.js';
import { parseGeneralName } from '../../src/x509/general-name.js';
import { parseIpNetwork } from '../../src/x509/ip-address.js';
import { formatName, parseName } from '../../src/x509/name.js';
import { LabAuthority } from './lab-authority.js';

let lab: LabAuthority | undefined;
afterEach(async () => {
  await lab?.remove();
  lab = undefined;
});

const CONSTRAINTS = {
  permittedSubtrees: [
    { type: 'dNSName', value: 'acme.test' },
    { type: 'iPAddress', octets: parseIpNetwork('10.0.0.0/8')! },
    { type: 'rfc822Name', value: 'acme.test' },
  ],
  excludedSubtrees: [{ type: 'dNSName', value: 'secret.acme.test' }],
} as const;

/** A CA whose folder holds that issue policy. */
async function withPolicy(policy: unknown): Promise<LabAuthority> {
  lab = await LabAuthority.make();
  writeFileSync(lab.at('issue-policy.json'), typeof policy === 'string' ? policy : JSON.stringify(policy));
  return lab;
}

function san(...names: string[]): Pick<IssueWish, 'subjectAltName'> {
  return { subjectAltName: names.map(parseGeneralName) };
}

describe('a CA with name constraints', () => {
  it.each<[string, IssueWish]>([
    ['a DNS name elsewhere', { commonName: 'api.evil.test' }],
    ['one that is excluded', { commonName: 'db.secret.acme.test' }],
    ['a wildcard over what is excluded', { commonName: 'x', ...san('*.secret.acme.test') }],
    ['an address of another network', { commonName: '192.0.2.7' }],
    ['a mail address elsewhere', { commonName: 'alice', ...san('alice@evil.test') }],
    [
      'one in the subject',
      {
        commonName: 'alice',
        ...san('api.acme.test'),
        subject: parseName('CN=alice,emailAddress=a@evil.test'),
      },
    ],
    ['a second name elsewhere', { commonName: 'api.acme.test', ...san('api.acme.test', 'api.evil.test') }],
  ])('refuses %s, and records nothing', async (_what, wish) => {
    lab = await LabAuthority.make({ nameConstraints: CONSTRAINTS });

    await expect(lab.ca.issueServer(wish)).rejects.toMatchObject({ code: 'ERR_NAME_CONSTRAINED' });
    expect(await lab.ca.list({ profile: 'server' })).toEqual([]);
    expect(readdirSync(lab.at('issued'))).toEqual([]);
  });

  it('refuses a commonName that OpenSSL takes for a host, unless there is a DNS name beside it', async () => {
    lab = await LabAuthority.make({ nameConstraints: CONSTRAINTS });
    const wish = { commonName: 'billing.evil' };

    await expect(lab.ca.issueClient(wish)).rejects.toMatchObject({ code: 'ERR_NAME_CONSTRAINED' });
    await expect(lab.ca.issueClient({ ...wish, ...san('b.acme.test') })).resolves.toBeDefined();
  });

  it.each<[string, IssueWish]>([
    ['the domain itself', { commonName: 'acme.test' }],
    ['a name below it', { commonName: 'api.acme.test' }],
    ['an address of the network', { commonName: '10.1.2.3' }],
    ['a URI, which nothing constrains', { commonName: 'api', ...san('spiffe://evil/api') }],
  ])('gives %s', async (_what, wish) => {
    lab = await LabAuthority.make({ nameConstraints: CONSTRAINTS });

    await expect(lab.ca.issueServer(wish)).resolves.toBeDefined();
  });
});

describe('an issue policy', () => {
  it.each<[string, unknown, IssueWish, string]>([
    ['a DNS name', { names: { dns: ['*.acme.test'] } }, { commonName: 'api.evil.test' }, '/names/dns'],
    ['an address', { names: { ip: ['10.0.0.0/8'] } }, { commonName: '192.0.2.7' }, '/names/ip'],
    ['a kind that it leaves out', { names: { dns: ['*'] } }, { commonName: '10.0.0.7' }, '/names/ip'],
    [
      'a mail address',
      { names: { dns: ['*'], email: ['acme.test'] } },
      { commonName: 'a.b', ...san('a@evil.test') },
      '/names/email',
    ],
    [
      'a URI',
      { names: { uri: ['spiffe://acme/'] } },
      { commonName: 'api', ...san('spiffe://evil/') },
      '/names/uri',
    ],
    [
      'a kind without rules',
      { names: { dns: ['*'] } },
      { commonName: 'x', ...san('DIRNAME:CN=x') },
      '/names',
    ],
    [
      'a host in the commonName',
      { names: { dns: ['*.acme.test'] } },
      { commonName: 'evil.test', ...san('a.acme.test') },
      '/names/dns',
    ],
    ['a commonName', { commonNames: ['svc-*'] }, { commonName: 'api.test' }, '/commonNames'],
    ['a key', { keyTypes: ['rsa-3072'] }, { commonName: 'api.test', keyType: 'ec-p256' }, '/keyTypes'],
    [
      'a lifetime',
      { maximumLifetimeDays: 90 },
      { commonName: 'api.test', validityDays: 91 },
      '/maximumLifetimeDays',
    ],
    [
      'by its profile',
      { profiles: { server: { maximumLifetimeDays: 9 } } },
      { commonName: 'api.test', validityDays: 10 },
      '/profiles/server/maximumLifetimeDays',
    ],
  ])('refuses %s, and names the rule', async (_what, policy, wish, pointer) => {
    const { ca } = await withPolicy(policy);

    await expect(ca.issueServer(wish)).rejects.toMatchObject({
      code: 'ERR_ISSUE_POLICY_REFUSED',
      exitCode: 1,
      hint: expect.stringContaining(`The rule is ${pointer} in ${lab!.at('issue-policy.json')}`),
    });
    expect(await ca.list({ profile: 'server' })).toEqual([]);
  });

  it.each<[string, unknown, IssueWish]>([
    ['a name that it allows', { names: { dns: ['*.acme.test'] } }, { commonName: 'api.acme.test' }],
    ['an address in a network', { names: { ip: ['fd00::/8'] } }, { commonName: 'api', ...san('fd00::7') }],
    ['the longest lifetime', { maximumLifetimeDays: 90 }, { commonName: 'api.test', validityDays: 90 }],
    [
      'what only another profile must not',
      { profiles: { client: { names: {} } } },
      { commonName: 'api.test' },
    ],
  ])('gives %s', async (_what, policy, wish) => {
    const { ca } = await withPolicy(policy);

    await expect(ca.issueServer(wish)).resolves.toBeDefined();
  });

  it('sets the defaults of what is not asked for', async () => {
    const { ca } = await withPolicy({ keyTypes: ['ec-p521', 'ec-p384'], maximumLifetimeDays: 30 });
    const { certificate, notices } = await ca.issueServer({ commonName: 'api.test' });

    expect(certificate.keyType).toBe('ec-p384');
    expect(certificate.notAfter).toBe('2026-03-31T12:00:00Z');
    expect(notices).toContainEqual(expect.stringContaining('good for 30 days'));
  });

  it('holds as it stands now, not as it stood when the CA was opened', async () => {
    const { ca } = await withPolicy({ names: {} });
    await expect(ca.issueServer({ commonName: 'api.test' })).rejects.toMatchObject({ exitCode: 1 });
    rmSync(lab!.at('issue-policy.json'));

    await expect(ca.issueServer({ commonName: 'api.test' })).resolves.toBeDefined();
  });

  it.each([
    ['is no JSON', '{', 'is not JSON'],
    ['is no UTF-8', '{"$schema": "\udc00"}', undefined],
    ['has a key that nobody knows', '{"maximumLifetimeDay": 9}', 'at /maximumLifetimeDay'],
    ['has a network that is none', '{"names": {"ip": ["10.0.0.0/33"]}}', 'at /names/ip/0'],
    [
      'has one in a profile',
      '{"profiles": {"peer": {"names": {"ip": ["300.0.0.0"]}}}}',
      'at /profiles/peer/names/ip/0',
    ],
  ])('that %s lets nothing through', async (_what, text, message) => {
    const { ca } = await withPolicy(text);
    if (message === undefined)
      writeFileSync(lab!.at('issue-policy.json'), Buffer.from('{"$schema":"\xff"}', 'latin1'));

    await expect(ca.issueServer({ commonName: 'api.test' })).rejects.toMatchObject({
      code: 'ERR_ISSUE_POLICY_INVALID',
      exitCode: 3,
      message: expect.stringContaining(message ?? 'is not JSON'),
    });
  });

  it('hints at the key that was meant', async () => {
    const { ca } = await withPolicy({ keyTypse: ['ec-p256'] });

    await expect(ca.issueServer({ commonName: 'api.test' })).rejects.toMatchObject({
      hint: 'Did you mean keyTypes?',
    });
  });
});

describe('the client of a probe', () => {
  it('is called sslapi-probe where nothing is against it', async () => {
    lab = await LabAuthority.make({ nameConstraints: CONSTRAINTS });

    expect(formatName(lab.ca.probeIdentity().subject)).toBe('CN=sslapi-probe');
    expect(lab.ca.probeIdentity().keyTypes).toBeNull();
  });

  it('has a name and keys that the issue policy allows', async () => {
    const { ca } = await withPolicy({
      keyTypes: ['ec-p384'],
      profiles: { client: { commonNames: ['alice', '*.svc'] } },
    });

    expect(formatName(ca.probeIdentity().subject)).toBe('CN=sslapi-probe.svc');
    expect(ca.probeIdentity().keyTypes).toEqual(['ec-p384']);
  });

  it('never takes the name of somebody', async () => {
    const { ca } = await withPolicy({ commonNames: ['alice'] });

    expect(() => ca.probeIdentity()).toThrow(expect.objectContaining({ code: 'ERR_ISSUE_POLICY_REFUSED' }));
  });
});
