import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CREDENTIALS } from '../../../src/credentials/index.js';
import { CHECKS } from '../../../src/probe/checks/index.js';
import { badEventLine } from '../../../src/server/bad/bad-event.js';
import { BAD_KINDS } from '../../../src/server/bad/kinds/index.js';
import { makeServings } from '../../../src/server/bad/make-servings.js';
import { freeRow } from '../../free-port.js';
import { type BadLab, badLab, kindsNamed } from './bad-lab.js';

describe('the kinds of faulty servers', () => {
  it('are listed once each, under the names of their files', () => {
    const onDisk = readdirSync('src/server/bad/kinds').map((file) => file.replace('.ts', ''));
    const files = BAD_KINDS.map(({ id }) => id.replace('.', '-'));

    expect([...files, 'index'].sort()).toEqual(onDisk.sort());
  });

  it('begin with good, the only one that is to be accepted', () => {
    expect(BAD_KINDS[0]!.id).toBe('good');
    expect(BAD_KINDS.filter(({ expected }) => expected === 'accept').map(({ id }) => id)).toEqual(['good']);
  });

  it('say what is wrong, what holds for a good client, and what they rest on', () => {
    for (const { id, title, breaks, citation } of BAD_KINDS) {
      expect(title, id).toMatch(/^[A-Z].*[^.]$/);
      expect(breaks, id).toMatch(/^[a-z].*[^.]$/);
      expect(citation, id).toMatch(/^RFC \d+ §/);
    }
  });

  it('are found by a check or a row that there is', () => {
    const ids = new Set([...CHECKS, ...CREDENTIALS].map(({ id }) => id));

    expect(BAD_KINDS.filter(({ foundBy }) => foundBy !== null && !ids.has(foundBy))).toEqual([]);
    expect(BAD_KINDS.filter(({ foundBy }) => foundBy === null).map(({ id }) => id)).toEqual([
      'good',
      'large-certificate',
    ]);
  });
});

describe('servers of all kinds', () => {
  let lab: BadLab;
  beforeAll(async () => {
    lab = await badLab();
  });
  afterAll(() => lab?.close());

  it('listen each on a port of its own', () => {
    const { serving, leftOut } = lab.servers;

    expect(leftOut).toEqual([]);
    expect(serving.map(({ kind }) => kind)).toEqual(BAD_KINDS);
    expect(new Set(serving.map(({ address }) => address.port)).size).toBe(BAD_KINDS.length);
  });

  it('leave no certificate in the list, and each in the events before anybody sees it', async () => {
    const minted = (await lab.ca.events()).filter(({ what }) => what === 'minted');
    const kinds = new Set(
      minted.map(({ details }) => String(details['credential']).replace(/, issuer$/, '')),
    );

    const namesOf = async (profile?: 'probe') =>
      (await lab.ca.list(profile && { profile })).map(({ name }) => name).sort();
    expect(await namesOf()).toEqual(['issuing.ca', 'root.ca']);
    expect(await namesOf('probe')).toEqual(['reserved.issuing', 'reserved.root']);
    expect(kinds).toEqual(new Set(['good', ...OF_THEIR_OWN].map((id) => `bad server ${id}`)));
    expect(minted.filter(({ details }) => details['credential'] === 'bad server good')).toHaveLength(2);
  });

  it('answer as far as they say', async () => {
    const { servings } = await makeServings(lab.ca, BAD_KINDS, 'localhost', new Date());

    for (const [{ id, answers }, serving] of servings) expect([id, serving.answers]).toEqual([id, answers]);
    expect(servings.size).toBe(BAD_KINDS.length);
  });

  it('take whatever comes to them, and go on', async () => {
    for (const { address } of lab.servers.serving)
      for (const octets of NONSENSE) {
        const socket = connect(address.port, '127.0.0.1').on('error', () => {});
        socket.end(octets).resume();
        await new Promise((done) => socket.once('close', done));
      }

    const outcomes = await Promise.all(
      lab.servers.serving.map(({ address }) => once(connect(address.port, '127.0.0.1'), 'connect')),
    );
    expect(outcomes).toHaveLength(BAD_KINDS.length);
    expect(lab.events.filter(({ outcome }) => outcome === 'accepted')).toEqual([]);
  });
});

/** Kinds that have certificates which only they show; the others show one of the two that are faultless, or what cannot be read. */
const OF_THEIR_OWN = [
  ...[
    'expired',
    'not-yet-valid',
    'wrong-host',
    'no-san',
    'wildcard-misused',
    'self-signed',
    'untrusted-root',
  ],
  ...['rogue-ca', 'revoked', 'tampered-signature', 'eku-client-only', 'key-usage-without-signature'],
  ...['unknown-critical-extension', 'issued-by-leaf', 'ca-not-ca', 'ca-without-cert-sign'],
  ...['path-length-exceeded', 'name-constraint-violation', 'expired-intermediate', 'sha1', 'rsa1024'],
  ...['must-staple', 'large-certificate'],
];
const NONSENSE = [
  '',
  'GET / HTTP/1.1\r\n\r\n',
  Buffer.alloc(20_000, 0x16),
  Buffer.from('80', 'hex'),
  Buffer.from('802b0100020000', 'hex'),
  Buffer.from('160301000401000000', 'hex'),
  Buffer.from('1603010005', 'hex'),
];

describe('what a server says of a client', () => {
  let lab: BadLab;
  beforeAll(async () => {
    lab = await badLab({ kinds: kindsNamed('good', 'expired', 'must-staple', 'rc4') });
  });
  afterEach(() => {
    lab.events.length = 0;
  });
  afterAll(() => lab?.close());

  const call = async (id: string, trusting: boolean): Promise<void> => {
    const socket = connectTls({
      ...{ port: lab.portOf(id), host: '127.0.0.1', servername: 'localhost' },
      ...(trusting ? { rejectUnauthorized: false } : { ca: lab.ca.folder.read('ca.crt')!.toString() }),
    });
    socket.on('error', () => {}).on('secureConnect', () => socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
    socket.resume();
    await new Promise((done) => socket.once('close', done));
    await expect.poll(() => lab.events.length, PATIENCE).toBe(1);
  };

  it.each<[string, boolean, RegExp]>([
    ['good', false, /^right: 127\.0\.0\.1:\d+ accepted good: it sent a request$/],
    ['expired', false, /^right: .+ refused expired: it closed the connection/],
    ['expired', true, /^WRONG: 127\.0\.0\.1:\d+ accepted expired: it sent a request$/],
    ['must-staple', true, /^127\.0\.0\.1:\d+ accepted must-staple: it sent a request$/],
    ['rc4', true, /^right: 127\.0\.0\.1:\d+ refused rc4: it offers nothing of what is spoken here$/],
  ])('of %s, whom the client trusts blindly: %s', async (id, trusting, line) => {
    await call(id, trusting);

    expect(lab.events.map(badEventLine)).toEqual([expect.stringMatching(line)]);
  });
});

describe('certificates', () => {
  it('are made anew before a day is over, but for what shall have ended', async () => {
    const kinds = kindsNamed('good', 'expired', 'malformed', 'tls1.0', 'dh1024');
    const lab = await badLab({ kinds, renewAfterMs: 150 });
    const shown = async (): Promise<string> => {
      const socket = connectTls({ port: lab.portOf('good'), host: '127.0.0.1', rejectUnauthorized: false });
      await once(socket, 'secureConnect');
      const { serialNumber } = socket.getPeerCertificate();
      socket.destroy();
      return serialNumber;
    };
    try {
      const first = await shown();
      await expect.poll(shown, PATIENCE).not.toBe(first);
      const old = connectTls({
        ...{ port: lab.portOf('tls1.0'), host: '127.0.0.1', rejectUnauthorized: false },
        ...{ minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' },
      });
      await once(old, 'secureConnect');
      expect(old.getProtocol()).toBe('TLSv1');
      old.destroy();
    } finally {
      await lab.close();
    }
  });

  it('that cannot be made anew leave those that are there', async () => {
    const failures: unknown[] = [];
    const kinds = kindsNamed('good');
    const lab = await badLab({ kinds, renewAfterMs: 100, onRenewalFailed: (error) => failures.push(error) });
    try {
      await lab.ca.close();
      await expect.poll(() => failures.length, PATIENCE).toBeGreaterThan(0);
      const socket = connectTls({ port: lab.portOf('good'), host: '127.0.0.1', rejectUnauthorized: false });
      await once(socket, 'secureConnect');
      socket.destroy();
    } finally {
      await lab.close();
    }
  });

  it('of a single CA leave out an intermediate, too', async () => {
    const lab = await badLab({ kinds: kindsNamed('missing-intermediate') }, { noIntermediate: true });
    try {
      const socket = connectTls({
        ...{ port: lab.portOf('missing-intermediate'), host: '127.0.0.1', servername: 'localhost' },
        ca: lab.ca.folder.read('ca.crt')!.toString(),
      });
      const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
      expect(error.code).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    } finally {
      await lab.close();
    }
  });

  it('that this CA cannot sign are left out, and said so', async () => {
    const lab = await badLab({ kinds: kindsNamed('good', 'sha1') }, { keyType: 'ed25519' });
    try {
      expect(lab.servers.serving.map(({ kind }) => kind.id)).toEqual(['good']);
      expect(lab.servers.leftOut.map(({ why }) => why)).toEqual([
        'the key of the issuing CA signs without a hash of its own',
      ]);
    } finally {
      await lab.close();
    }
  });

  it('are for no name that the CA may not give', async () => {
    const refused = badLab(
      { kinds: kindsNamed('good'), host: 'elsewhere.test' },
      {
        nameConstraints: {
          permittedSubtrees: [{ type: 'dNSName', value: 'acme.test' }],
          excludedSubtrees: [],
        },
      },
    );

    await expect(refused).rejects.toMatchObject({ code: 'ERR_NAME_CONSTRAINED' });
  });

  it.each(['a@b.test', 'URI:spiffe://a/b', 'a name'])('are for no "%s"', async (host) => {
    await expect(badLab({ kinds: kindsNamed('good'), host })).rejects.toMatchObject({
      code: 'ERR_SAN_INVALID',
    });
  });
});

describe('without the key of the root', () => {
  it('what it has to sign is left out, and its port stays free', async () => {
    const kinds = kindsNamed('good', 'ca-not-ca', 'expired');
    const elsewhere = mkdtempSync(join(tmpdir(), 'sslapi-root-'));
    const port = await freeRow(3);
    const lab = await badLab({ kinds, listen: { host: '127.0.0.1', port } }, { rootOut: elsewhere });
    try {
      expect(lab.servers.serving.map(({ kind, address }) => [kind.id, address.port - port])).toEqual([
        ['good', 0],
        ['expired', 2],
      ]);
      expect(lab.servers.leftOut.map(({ kind, why }) => [kind.id, why])).toEqual([
        ['ca-not-ca', 'the root key is offline'],
      ]);
    } finally {
      await lab.close();
      rmSync(elsewhere, { recursive: true, force: true });
    }
  });
});

describe('the end', () => {
  it('is that of open connections, too', async () => {
    const lab = await badLab({ kinds: kindsNamed('good', 'rc4') });
    const sockets = [
      connectTls({ port: lab.portOf('good'), host: '127.0.0.1', rejectUnauthorized: false }),
      connect(lab.portOf('rc4'), '127.0.0.1'),
    ].map((socket) => socket.on('error', () => {}).resume());
    await Promise.all([once(sockets[0]!, 'secureConnect'), once(sockets[1]!, 'connect')]);
    const closed = sockets.map((socket) => new Promise((done) => socket.once('close', done)));

    await lab.close();

    expect(await Promise.all(closed)).toHaveLength(2);
  });
});

describe('a port that is taken', () => {
  it('is named, and nothing is left open', async () => {
    const port = await freeRow(3);
    const taken = await listening(port + 2);
    try {
      const kinds = kindsNamed('good', 'expired', 'wrong-host');
      const refused = badLab({ kinds, listen: { host: '127.0.0.1', port } });

      await expect(refused).rejects.toMatchObject({
        code: 'ERR_LISTEN',
        message: `cannot listen on 127.0.0.1:${port + 2}: something listens there already`,
      });
      for (const one of [port, port + 1]) (await listening(one)).close();
    } finally {
      taken.close();
    }
  });
});

const PATIENCE = { timeout: 20_000 };

async function listening(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
