import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CertificateAuthority } from '../../src/ca/certificate-authority.js';
import type { ConfigFiles, ConfigRequest } from '../../src/config/config-request.js';
import { renderConfig, renderFiles } from '../../src/config/render.js';
import type { MintedCredential } from '../../src/credentials/credential.js';
import { presentedCredential } from '../../src/credentials/presented-credential.js';
import { CONFIG_LEVELS, policyOf } from '../../src/policy/policies.js';
import { probe } from '../../src/probe/probe.js';
import { makeCredentials } from '../../src/probe/proof-credentials.js';
import { sourceOfCa } from '../../src/probe/proof-source.js';
import { parseName } from '../../src/x509/name.js';
import { encodePem } from '../../src/x509/pem.js';
import {
  giveToPostgres,
  isPostgresThere,
  open,
  PostgresServer,
  type PsqlClient,
  removeFolder,
} from './postgres.js';

/** A folder that a careless configuration breaks at. */
const AWKWARD = `my "pki" 'ünï' \\ ; { # % & $x`;

describe.runIf(isPostgresThere())('PostgreSQL, configured by us', () => {
  const home = mkdtempSync(join(tmpdir(), 'sslapi-pg-'));
  const folder = join(home, AWKWARD);
  let ca: CertificateAuthority;
  let server: PostgresServer;
  let files: ConfigFiles;
  let alice: PsqlClient;
  let bob: PsqlClient;
  beforeAll(async () => {
    mkdirSync(folder);
    ({ ca } = await CertificateAuthority.create({
      pki: join(folder, 'pki'),
      name: 'Data',
      passphrase: null,
    }));
    await ca.issueServer({
      commonName: 'localhost',
      validityDays: 80, // what modern asks for
      subjectAltName: [{ type: 'dNSName', value: 'localhost' }],
    });
    for (const commonName of ['alice', 'bob']) await ca.issueClient({ commonName });
    const { certificate } = await ca.issueClient({ commonName: 'mallory' });
    await ca.revoke(await ca.find(certificate.serialNumber), { reason: 'keyCompromise' });
    open(ca.folder.at('.'), home);
    server = new PostgresServer(folder);
    files = whereItCanRead();
    [alice, bob] = ['alice', 'bob'].map(clientOf) as [PsqlClient, PsqlClient];
    await server.start({ files });
    server.tell('CREATE ROLE alice LOGIN; CREATE ROLE bob LOGIN');
    server.tell('CREATE ROLE "müller, ""the"" \\one+" LOGIN');
    server.tell(
      `CREATE ROLE carol LOGIN PASSWORD 'carol''s'; CREATE ROLE by_certificate; GRANT by_certificate TO bob`,
    );
    server.tell(`ALTER ROLE alice PASSWORD 'alice''s'; ALTER ROLE bob PASSWORD 'bob''s'`);
  });
  afterAll(async () => {
    await server?.stop();
    await ca?.close();
    removeFolder(home);
  });

  /** The key in its own folder is nobody else's to read: a copy is the server's. */
  function whereItCanRead(): ConfigFiles {
    const { fullchain, privkey } = ca.filesOf({ name: 'localhost', folder: null });
    const copy = (path: string, name: string): string => {
      const to = join(server.folder, name);
      writeFileSync(to, readFileSync(path), { mode: 0o600 });
      giveToPostgres(to);
      return to;
    };
    return {
      fullchain: copy(fullchain, 'server.pem'),
      privkey: copy(privkey!, 'server.key'),
      caChain: ca.folder.at('ca-chain.crt'),
      crlChain: ca.folder.at('crl-chain.pem'),
    };
  }

  function clientOf(name: string): PsqlClient {
    const { fullchain, privkey } = ca.filesOf({ name, folder: null });
    return { ca: ca.folder.at('ca.crt'), cert: fullchain, key: privkey! };
  }

  function clientFrom(
    name: string,
    { chain, privateKey }: Pick<MintedCredential, 'chain' | 'privateKey'>,
  ): PsqlClient {
    const [cert, key] = [join(home, `${name}.crt`), join(home, `${name}.key`)];
    writeFileSync(cert, chain.map((der) => encodePem('CERTIFICATE', der)).join(''));
    writeFileSync(key, privateKey, { mode: 0o600 });
    return { ca: ca.folder.at('ca.crt'), cert, key };
  }

  /** A certificate of this subject. */
  async function named(subject: string): Promise<PsqlClient> {
    const wish = { subjectAltName: [], keyType: 'ec-p256', lifetimeMs: 600_000 } as const;
    const minted = await ca.mintProbeClient({ ...wish, subject: parseName(subject) });
    return clientFrom(subject.replaceAll(/\W/g, '_'), minted);
  }

  const target = () => ({ host: 'localhost', port: server.port, starttls: 'postgres' }) as const;
  const nobody = (): PsqlClient => ({ ca: ca.folder.at('ca.crt') });
  const isIn = async (user: string, client: PsqlClient): Promise<boolean> =>
    (await server.ask(user, client)).in;

  describe.each(CONFIG_LEVELS)('at level %s', (level) => {
    beforeAll(() => server.start({ files, level }));

    it('lets in the good client, and none of those that a proof shows', async () => {
      const presented = await presentedCredential(readFileSync(alice.cert!), readFileSync(alice.key!));
      const allowed = { keyType: 'ec-p256', takesRsa: true } as const;
      const { credentials } = await makeCredentials(await sourceOfCa(ca), allowed, presented, new Date());
      const shown = credentials.flatMap(({ credential, shown: minted, notMade }) =>
        notMade === null
          ? [{ credential, client: minted ? clientFrom(credential.id, minted) : nobody() }]
          : [],
      );

      const answers = [];
      for (const { credential, client } of shown)
        answers.push({ ...credential, answer: await server.ask('alice', client) });

      expect(answers[0]).toMatchObject({ id: 'good', answer: { in: true } });
      expect(answers[0]!.answer.out).toMatch(/^alice\|TLSv1\.3\|/);
      const bad = answers.filter(({ expected }) => expected === 'refuse');
      expect(bad.map(({ id }) => id)).toEqual(expect.arrayContaining(MUST_BE_REFUSED));
      expect(bad.filter(({ answer }) => answer.in).map(({ id }) => id)).toEqual([]);
      const bySomebodyElse = bad.filter(({ answer }) => !REFUSALS.test(answer.error)).map(({ id }) => id);
      expect(NOT_SENT_BY_LIBPQ).toEqual(expect.arrayContaining(bySomebodyElse));
    });

    it('speaks what the level allows', async () => {
      const at = (version: string): PsqlClient => ({
        ...alice,
        PGSSLMINPROTOCOLVERSION: version,
        PGSSLMAXPROTOCOLVERSION: version,
      });

      expect(await isIn('alice', at('TLSv1.3'))).toBe(true);
      expect(await isIn('alice', at('TLSv1.2'))).toBe(level === 'intermediate');
      expect(await isIn('alice', { ...at('TLSv1.1'), OPENSSL_CONF: '/dev/null' } as PsqlClient)).toBe(false);
    });

    it('passes the whole proof, a revocation included, and the scan by its level’s policy', async () => {
      const report = await probe(target(), {
        ca,
        client: await presentedCredential(readFileSync(alice.cert!), readFileSync(alice.key!)),
        policy: policyOf(level),
        proveMtls: true,
        revokeLive: true,
        deployCrl: async () => {
          await server.reload();
          return null;
        },
        timeoutMs: 20_000,
      });

      expect(report.error).toBeUndefined();
      const must = report.proof!.filter(({ expected }) => expected !== 'either');
      expect(must.map(({ credential }) => credential)).toEqual(
        expect.arrayContaining(['good', ...MUST_BE_REFUSED, 'resumed-after-revocation']),
      );
      const others = must.filter(({ status, evidence }) => status !== 'pass' && !isExcused(evidence));
      expect(others).toEqual([]);
      expect(report.verdict).toBe('pass');
      const none = report.proof!.find(({ credential }) => credential === 'none')!;
      expect(none.evidence).toBe('connection requires a valid client certificate (28000)');
      const failed = report.checks.filter(({ status }) => status === 'fail').map(({ id }) => id);
      expect(['offers-post-quantum-key-exchange']).toEqual(expect.arrayContaining(failed));
      expect(report.protocols).toMatchObject({
        'TLSv1.1': false,
        'TLSv1.2': level !== 'modern',
        'TLSv1.3': true,
      });
      expect(report.clientAuth).toMatchObject({ requested: true, required: true, enforcedBy: null });
    });
  });

  describe('with certificates required', () => {
    beforeAll(() => server.start({ files }));

    it('lets in nobody in clear, nobody by a password, and nobody as somebody else', async () => {
      const refused = await Promise.all([
        server.ask('alice', { ...alice, PGSSLMODE: 'disable' }),
        server.ask('carol', { ...nobody(), password: "carol's" }),
        server.ask('alice', bob),
        server.ask('by_certificate', bob),
        server.ask('alice', await named('CN=Alice')),
        server.ask('alice', await named('CN=al')),
        server.ask('postgres', await named('CN=postgres')),
      ]);

      expect(refused.map((answer) => answer.in)).toEqual(refused.map(() => false));
      expect(refused.map(({ error }) => /FATAL: +(.*)/.exec(error)?.[1])).toEqual([
        expect.stringContaining('rejects connection'),
        expect.stringContaining('requires a valid client certificate'),
        ...refused.slice(2, 6).map(() => expect.stringContaining('certificate authentication failed')),
        expect.stringContaining('rejects connection'),
      ]);
      expect(await isIn('bob', bob)).toBe(true);
    });

    it('refuses a revoked client after a reload, and ends its open connection by what the file says', async () => {
      const revoked = await ca.mintProbeClient({
        subject: parseName('CN=bob'),
        subjectAltName: [],
        keyType: 'ec-p256',
        lifetimeMs: 600_000,
      });
      const client = clientFrom('revoked-later', revoked);
      const staying = server.stay('bob', client);
      const heard = lines(staying.stdout!);
      staying.stdin!.write('SELECT 1 + 1;\n');
      await expect.poll(heard).toEqual(['2']);

      await ca.revoke([revoked.record], { reason: 'keyCompromise' });
      await server.reload();

      await expect
        .poll(() => server.ask('bob', client), { timeout: 20_000 })
        .toMatchObject({
          in: false,
          error: expect.stringMatching(/certificate revoked/),
        });
      expect(await isIn('bob', bob)).toBe(true);
      staying.stdin!.write('SELECT 2 + 2;\n');
      await expect.poll(heard).toEqual(['2', '4']); // it is still there: this is what has to be told
      const [sql] = /SELECT pg_terminate_backend.*;/.exec(renderConfig({ ...REQUEST, standalone: true }))!;
      expect(server.tell(sql)).toBe('t');
      staying.stdin!.end('SELECT 3 + 3;\n');
      await new Promise((resolve) => staying.once('close', resolve));
      expect(heard()).toEqual(['2', '4']);
    });

    it.each(['-tls1_2', '-tls1_3'])('gives no session to resume: %s', (version) => {
      const session = join(home, `${version}.session`);
      const connect = (...more: string[]): string => {
        const args = ['-starttls', 'postgres', '-connect', `127.0.0.1:${server.port}`, '-ign_eof', version];
        const client = ['-cert', alice.cert!, '-key', alice.key!, '-CAfile', ca.folder.at('ca.crt')];
        const { stdout, stderr } = spawnSync('openssl', ['s_client', ...args, ...client, ...more], {
          input: STARTUP,
          encoding: 'latin1',
          timeout: 30_000,
        });
        return stdout + stderr;
      };

      expect(connect('-sess_out', session)).toMatch(/^New, TLSv1\.[23]/m);
      const kept = existsSync(session) ? ['-sess_in', session] : [];
      const again = connect(...kept);
      expect(again).toMatch(/^New, TLSv1\.[23]/m);
      expect(again).not.toMatch(/^Reused/m);
      expect(again).not.toMatch(/^ *TLS session ticket:/m);
      expect(again).toContain('server_version'); // it was let in
    });
  });

  describe('that holds its clients to a list of subjects', () => {
    const allow = ['CN=alice,O=Acme', String.raw`CN=müller\, \"the\" \\one\+,OU=Zürich,O=Acme\; Söhne,C=DE`];
    beforeAll(() => server.start({ files, allow }));

    it('lets in those alone, each as the user of its commonName, and takes no part for the whole', async () => {
      const [acme, odd] = await Promise.all(allow.map(named));
      const others = await Promise.all(
        ['CN=alice', 'CN=alice,O=Evil', 'CN=alice,O=Acme,C=DE', 'CN=bob,O=Acme', 'O=Acme,CN=alice'].map(
          named,
        ),
      );
      const oddName = 'müller, "the" \\one+';

      expect(await isIn('alice', acme!)).toBe(true);
      expect(await isIn(oddName, odd!)).toBe(true);
      expect(await isIn('alice', odd!)).toBe(false);
      expect(await isIn(oddName, acme!)).toBe(false);
      for (const one of others) expect(await isIn('alice', one)).toBe(false);
      expect(await isIn('alice', alice)).toBe(false);
    });

    it.each(['URI:spiffe://acme/billing', 'DNS:alice.test', 'O=Acme', 'CN=a+OU=b', `CN=${'ü'.repeat(32)}`])(
      'cannot tell %s, and says so',
      (name) =>
        expect(() => renderConfig({ ...REQUEST, allow: [name] })).toThrow(
          expect.objectContaining({ code: 'ERR_CONFIG_VALUE' }),
        ),
    );
  });

  it('with certificates optional wants one of some users, a password of all others, and no bad one of anybody', async () => {
    await server.start({ files, clientAuth: 'optional' });
    const carols = { password: "carol's" };
    const expired = clientFrom('expired', await shownBy('expired'));

    expect(await isIn('carol', { ...nobody(), ...carols })).toBe(true);
    expect(await isIn('carol', { ...alice, ...carols })).toBe(true);
    expect(await isIn('carol', { ...expired, ...carols })).toBe(false);
    expect(await isIn('carol', nobody())).toBe(false);
    expect(await isIn('bob', { ...nobody(), password: "bob's" })).toBe(false);
    expect(await isIn('bob', { ...alice, password: "bob's" })).toBe(false);
    expect(await isIn('bob', bob)).toBe(true);
    expect(await isIn('carol', { ...nobody(), ...carols, PGSSLMODE: 'disable' })).toBe(false);
    const { proof } = await probe(target(), { ca, proveMtls: true });
    const fallen = new Set(
      proof!.filter(({ status }) => status === 'fail').map(({ credential }) => credential),
    );
    expect([...fallen]).toEqual(['none']);
  });

  it('with client authentication off asks for passwords alone', async () => {
    await server.start({ files, clientAuth: 'off' });

    expect(await isIn('alice', { ...nobody(), password: "alice's" })).toBe(true);
    expect(await isIn('alice', alice)).toBe(false);
    expect(await isIn('alice', { ...nobody(), password: "alice's", PGSSLMODE: 'disable' })).toBe(false);
    const { clientAuth, verdict } = await probe(target(), { ca, proveMtls: true });
    expect({ requested: clientAuth.requested, verdict }).toEqual({ requested: false, verdict: 'fail' });
  });

  it('lets in nobody with a certificate where a CRL is missing, or has run out', async () => {
    await server.start({ files: { ...files, crlChain: ca.folder.at('crl.pem') } });
    expect((await server.ask('alice', alice)).error).toMatch(/alert/);

    await server.start({ files });
    expect(await isIn('alice', alice)).toBe(true);
    await ca.generateCrls({ nextUpdateSeconds: 1 });
    await server.reload();
    await expect.poll(() => isIn('alice', alice), { timeout: 20_000 }).toBe(false);
    await ca.generateCrls();
  });

  async function shownBy(id: string): Promise<MintedCredential> {
    const { credentials } = await makeCredentials(
      await sourceOfCa(ca),
      { keyType: 'ec-p256', takesRsa: true },
      null,
      new Date(),
    );
    return credentials.find(({ credential }) => credential.id === id)!.shown!;
  }
});

it('what is printed names each file, and the include folder’s is called otherwise', () => {
  const names = (wishes: Partial<ConfigRequest>) =>
    renderFiles({ ...REQUEST, ...wishes }).map(({ name }) => name);

  const allow = ['CN=alice'];
  expect(names({})).toEqual(['sslapi.conf', 'pg_hba.conf']);
  expect(names({ allow })).toEqual(['sslapi.conf', 'pg_hba.conf', 'pg_ident.conf']);
  expect(names({ allow, standalone: true })).toEqual(['postgresql.conf', 'pg_hba.conf', 'pg_ident.conf']);
  expect(() => names({ allow, clientAuth: 'off' })).toThrow(/--client-auth off lets everybody in/);
  expect(() => renderConfig({ ...REQUEST, upstream: 'http://127.0.0.1:9000' })).toThrow(/upstream/);
});

const REQUEST: ConfigRequest = {
  target: 'postgres',
  level: 'intermediate',
  clientAuth: 'require',
  serverName: 'db.test',
  listen: { host: '*', port: 5432 },
  files: { fullchain: '/f', privkey: '/k', caChain: '/c', crlChain: '/r' },
  standalone: false,
};
/** Protocol 3.0: the user alice, the database postgres; then the end. */
const STARTUP = Buffer.concat([
  Buffer.from([0, 0, 0, 38, 0, 3, 0, 0]),
  Buffer.from('user\0alice\0database\0postgres\0\0'),
  Buffer.from([0x58, 0, 0, 0, 4]),
]);
const MUST_BE_REFUSED = [
  'none',
  'self-signed',
  'rogue-ca',
  'other-ca',
  'wrong-key',
  'tampered-signature',
  'expired',
  'not-yet-valid',
  'eku-server-only',
  'eku-code-signing',
  'revoked',
  'revoked-latest',
  'revoked-issuer',
];
/** A server that checks CRLs has none for an intermediate that was made a moment ago, whatever else is wrong with it; and what is
 *  asked over HTTP cannot be asked here. */
const isExcused = (evidence: string): boolean =>
  /refused, but so is its faultless twin|is not HTTP|got no HTTP answer|TLS begins after STARTTLS/.test(
    evidence,
  );
/** The server's own words, or its alert. */
const REFUSALS = /alert|FATAL: +connection requires a valid client certificate/;
/** What psql itself will not send: a key that is not the certificate's, and a certificate that cannot be read. */
const NOT_SENT_BY_LIBPQ = ['wrong-key', 'malformed'];

/** The lines that have come so far. */
function lines(stream: NodeJS.ReadableStream): () => string[] {
  let text = '';
  stream.on('data', (chunk) => (text += chunk));
  return () => text.split('\n').filter((line) => line !== '');
}
