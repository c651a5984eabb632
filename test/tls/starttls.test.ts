import { existsSync } from 'node:fs';
import { type Socket, connect as tcpConnect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeWithReset, connect, DEFAULT_LIMITS, type Target } from '../../src/tls/connect.js';
import { exchange, type HandshakeOutcome } from '../../src/tls/exchange.js';
import { exchangeSsl2 } from '../../src/tls/exchange-ssl2.js';
import { fullOffer } from '../../src/tls/full-offer.js';
import { request } from '../../src/tls/request.js';
import { STARTTLS, STARTTLS_PROTOCOLS, type StarttlsProtocol } from '../../src/tls/starttls/protocols.js';
import { peer } from '../peers/peer.js';
import { TIMED } from '../timed.js';
import { answering, FaultyServers, greeting, repeating } from './faulty-server.js';
import { type LabCertificates, labCertificates } from './lab-certificates.js';
import { LabServers } from './lab-servers.js';
import { seeded } from './seeded.js';
import { STARTTLS_PROGRAMS, StarttlsServers } from './starttls-servers.js';

let lab: LabCertificates;
let real: StarttlsServers;
let others: LabServers;
const faulty = new FaultyServers();

beforeAll(() => {
  lab = labCertificates();
  lab.issue('server');
  real = new StarttlsServers(lab);
  others = new LabServers(lab);
});

afterAll(async () => {
  faulty.close();
  others.close();
  await real.close();
  lab.close();
});

function at(port: number, more: Partial<Target> = {}): Target {
  return { host: 'localhost', address: '127.0.0.1', port, ...more };
}

function isThere(protocol: StarttlsProtocol): boolean {
  if (protocol === 'smtp') return existsSync('/usr/lib/python3/dist-packages/aiosmtpd') || peer('aiosmtpd');
  return peer(STARTTLS_PROGRAMS[protocol]);
}

describe('a real server that begins in the clear', () => {
  it.each(STARTTLS_PROTOCOLS)('%s: goes on in TLS, and shows its certificate there', async (starttls) => {
    if (!isThere(starttls)) return;
    const target = at(await real[starttls](), { starttls });

    const outcome = await exchange(target, fullOffer('localhost'));
    const old = await exchange(target, fullOffer('localhost', ['TLSv1.2']));
    const ssl2 = await exchangeSsl2(target, { limits: { timeoutMs: 2_000 } });
    const answer = await request({
      target,
      servername: 'localhost',
      version: 'TLSv1.3',
      request: STARTTLS[starttls].farewell,
      timeoutMs: 4_000,
    });

    expect(chainOf(outcome)).toEqual([lab.der('server')]);
    expect(outcome).toMatchObject({
      serverHello: { version: 'TLSv1.3' },
      flight: { ended: { kind: 'complete' } },
    });
    expect(old).toMatchObject({ kind: 'server-hello', serverHello: { version: 'TLSv1.2' } });
    expect(['alert', 'eof', 'reset', 'timeout']).toContain(ssl2.kind);
    expect(answer).toMatchObject({ handshake: 'completed', ended: { kind: 'eof' } }); // it took our leave
    expect(answer.receivedBytes > 0).toBe(starttls !== 'postgres');
  });

  it('is told to be none where TLS begins at once', async () => {
    const port = await others.openssl('-cert', 'server.crt', '-key', 'server.key', '-www');

    for (const starttls of STARTTLS_PROTOCOLS) {
      const outcome = await exchange(at(port, { starttls }), fullOffer(null), {
        limits: { timeoutMs: SPEAKS_LAST.includes(starttls) ? 2_000 : 300 },
      });
      expect(outcome, starttls).toMatchObject({
        kind: 'unreachable',
        why: expect.stringMatching(/^starttls-(garbled|closed|timeout)$/),
      });
    }
  });
});

/** What a server says first, and what it then says to whatever it is told. */
const DIALOGUES: ReadonlyArray<[string, StarttlsProtocol, string, string, string]> = [
  ['smtp without STARTTLS', 'smtp', '220 mx\r\n', '250-mx\r\n250 SIZE 1\r\n', 'refused'],
  [
    'smtp that has no TLS today',
    'smtp',
    '220-mx\r\n220 hi\r\n',
    '250-mx\r\n250 STARTTLS\r\n454 not now\r\n',
    'refused',
  ],
  ['smtp that takes nobody', 'smtp', '554 go away\r\n', '', 'refused'],
  ['smtp that is an imap', 'smtp', '* OK hi\r\n', '', 'garbled'],
  ['imap without STARTTLS', 'imap', '* OK hi\r\n', '* CAPABILITY IMAP4\r\ns1 BAD what?\r\n', 'refused'],
  ['imap that says goodbye', 'imap', '* BYE full\r\n', '', 'refused'],
  ['imap for those that are known', 'imap', '* PREAUTH hi\r\n', '', 'refused'],
  ['imap that is an ssh', 'imap', 'SSH-2.0-x\r\n', '', 'garbled'],
  ['imap with the tag of another', 'imap', '* OK hi\r\n', 'x OK\r\n', 'garbled'],
  ['pop3 without STLS', 'pop3', '+OK hi\r\n', '-ERR what?\r\n', 'refused'],
  ['pop3 that is an smtp', 'pop3', '220 hi\r\n', '', 'garbled'],
  ['ftp without AUTH', 'ftp', '220-Welcome\r\nto us\r\n220 hi\r\n', '502 what?\r\n', 'refused'],
  ['ftp that is an http', 'ftp', 'HTTP/1.1 400 Bad Request\r\n', '', 'garbled'],
  [
    'ldap that says no',
    'ldap',
    '',
    '\x30\x12\x02\x01\x01\x78\x0d\x0a\x01\x02\x04\x00\x04\x06no TLS',
    'refused',
  ],
  [
    'ldap that says no in long lengths, as Active Directory does',
    'ldap',
    '',
    '\x30\x84\x00\x00\x00\x10\x02\x01\x01\x78\x84\x00\x00\x00\x07\x0a\x01\x34\x04\x00\x04\x00',
    'refused',
  ],
  [
    'ldap with an answer to a bind',
    'ldap',
    '',
    '\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00',
    'garbled',
  ],
  [
    'ldap with a length of its own kind',
    'ldap',
    '',
    '\x30\x89\x01\x01\x01\x01\x01\x01\x01\x01\x01',
    'garbled',
  ],
  ['ldap that is an http', 'ldap', '', 'HTTP/1.1 400 Bad Request\r\n', 'garbled'],
  ['postgres without TLS', 'postgres', '', 'N', 'refused'],
  ['postgres that fails', 'postgres', '', 'E\0\0\0\x20SFATAL\0Mtoo many clients\0\0', 'refused'],
  ['postgres that is an http', 'postgres', '', 'HTTP/1.1 400 Bad Request\r\n', 'garbled'],
  [
    'mysql without TLS',
    'mysql',
    mysqlPacket(`\x0a8.0\0${'\x01'.repeat(13)}\xff\xf7${'\0'.repeat(40)}`),
    '',
    'refused',
  ],
  ['mysql that blocks the host', 'mysql', mysqlPacket('\xff\x69\x04is blocked'), '', 'refused'],
  ['mysql of long ago', 'mysql', mysqlPacket('\x093.20\0\0\0'), '', 'garbled'],
  ['mysql whose greeting ends early', 'mysql', mysqlPacket('\x0a8.0\0\x01'), '', 'garbled'],
  ['mysql that is an ssh', 'mysql', 'SSH-2.0-OpenSSH_9.2\r\n', '', 'garbled'],
  ['xmpp without starttls', 'xmpp', '', "<stream:stream id='1'><stream:features/>", 'refused'],
  [
    'xmpp that fails',
    'xmpp',
    '',
    "<stream:stream id='1'><stream:features><starttls/></stream:features><failure/>",
    'refused',
  ],
  [
    'xmpp for another domain',
    'xmpp',
    '',
    '<stream:stream><stream:error><host-unknown/></stream:error>',
    'refused',
  ],
  ['xmpp that ends the stream', 'xmpp', '', '<stream:stream></stream:stream>', 'closed'],
  ['xmpp that is an smtp', 'xmpp', '220 hi\r\n', '', 'garbled'],
];

/** Those that say yes to all. */
const AGREEMENTS: typeof DIALOGUES = [
  ['smtp', 'smtp', '220 mx\r\n', '250 STARTTLS\r\n220 go\r\n', ''],
  ['imap', 'imap', '* OK hi\r\n', 's1 OK go\r\n', ''],
  ['ldap', 'ldap', '', '\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00', ''],
  ['postgres', 'postgres', '', 'S', ''],
  ['mysql', 'mysql', mysqlPacket(`\x0a8.0\0${'\x01'.repeat(13)}\xff\xff${'\0'.repeat(40)}`), '', ''],
  ['xmpp', 'xmpp', '', '<stream:features><starttls/></stream:features><proceed/>', ''],
];

describe('a server that does not come to TLS', () => {
  it.each(DIALOGUES)(
    '%s: its own outcome, with what was said',
    async (_name, starttls, first, then, failure) => {
      const port = await faulty.listen((socket) => {
        if (first !== '') socket.write(first, 'latin1');
        socket.once('data', () => socket.write(then, 'latin1'));
      });

      const outcome = await quickly(at(port, { starttls }));

      expect(outcome).toMatchObject({ kind: 'unreachable', why: `starttls-${failure}`, code: null });
      expect((outcome as { said?: string }).said).toMatch(/^[\x20-\x7e]{1,160}( …)?$/);
    },
  );

  it.each(STARTTLS_PROTOCOLS)('%s: silence ends at the deadline', TIMED, async (starttls) => {
    const port = await faulty.listen((socket) => socket.resume());

    const before = performance.now();
    const outcome = await quickly(at(port, { starttls }));

    expect(outcome).toEqual({ kind: 'unreachable', why: 'starttls-timeout', code: null, said: null });
    expect(performance.now() - before).toBeLessThan(QUICK_MS + 400);
  });

  it.each(STARTTLS_PROTOCOLS.filter((name) => name !== 'postgres'))(
    '%s: one octet after the other ends at the deadline',
    async (starttls) => {
      const port = await faulty.listen(dripping(DRIP[starttls]));

      expect(await quickly(at(port, { starttls }))).toMatchObject({ why: 'starttls-timeout' });
    },
  );

  it.each(STARTTLS_PROTOCOLS)(
    '%s: a greeting without end is read no further than is reasonable',
    async (starttls) => {
      const port = await faulty.listen(repeating(Buffer.from(ENDLESS[starttls].repeat(100), 'latin1')));

      const before = performance.now();
      const outcome = await exchange(at(port, { starttls }), fullOffer(null), {
        limits: { timeoutMs: 4_000 },
      });

      expect(outcome).toMatchObject({
        kind: 'unreachable',
        why: expect.stringMatching(/^starttls-(endless|garbled)$/),
      });
      expect(performance.now() - before).toBeLessThan(3_000);
    },
  );

  it.each(STARTTLS_PROTOCOLS)('%s: a close and a reset are no answer', async (starttls) => {
    const closing = await faulty.listen((socket) => socket.end());
    const resetting = await faulty.listen((socket) => socket.resetAndDestroy());

    expect(await quickly(at(closing, { starttls }))).toMatchObject({ why: 'starttls-closed' });
    const { kind } = await quickly(at(resetting, { starttls }));
    expect(['reset', 'unreachable']).toContain(kind); // as the system tells it: before the connection or after
  });

  it('an endless greeting is told to be endless', async () => {
    const port = await faulty.listen(repeating(Buffer.from(ENDLESS.smtp.repeat(100))));

    expect(await quickly(at(port, { starttls: 'smtp' }))).toMatchObject({ why: 'starttls-endless' });
  });

  it('and a node:tls request tells it the same way', async () => {
    const port = await faulty.listen(greeting('554 go away\r\n'));

    const outcome = await request({
      target: at(port, { starttls: 'smtp' }),
      servername: null,
      version: 'TLSv1.3',
      request: Buffer.from('QUIT\r\n'),
      timeoutMs: 1_000,
    });

    expect(outcome.ended).toEqual({
      kind: 'unreachable',
      why: 'starttls-refused',
      code: null,
      said: '554 go away',
    });
  });
});

describe('a server whose words are damaged', () => {
  it('never comes to anything but an outcome, in time', async () => {
    const { below, mutated } = seeded(7);
    const damaged = (text: string): Uint8Array => mutated(Buffer.from(text || '?', 'latin1'));
    const dialogues = [...DIALOGUES, ...AGREEMENTS];
    const one = async (): Promise<void> => {
      const [, starttls, first, then] = dialogues[below(dialogues.length)]!;
      const [greets, answers] = [damaged(first), damaged(then)];
      const port = await faulty.listen((socket) => {
        if (first !== '') socket.write(greets);
        socket.on('data', () => socket.writable && socket.end(answers));
      });
      const before = performance.now();
      const { kind } = await exchange(at(port, { starttls }), fullOffer(null), {
        limits: { timeoutMs: 300 },
      });
      kinds.add(kind);
      expect(performance.now() - before).toBeLessThan(1_500);
    };
    const kinds = new Set<string>();

    for (let round = 0; round < 30; round += 1) await Promise.all(Array.from({ length: 20 }, one));

    expect([...kinds]).toEqual(expect.arrayContaining(['unreachable', 'eof'])); // some got to where TLS begins
  });
});

describe('what a server says in the clear after its yes', () => {
  it.each([
    ['nothing', '', false],
    ['a command that somebody has slipped in', '250 injected\r\n', true],
  ])('%s', async (_name, injected, leftover) => {
    const port = await faulty.listen((socket) => {
      socket.write('+OK hi\r\n');
      socket.on('data', () => socket.write(`+OK begin\r\n${injected}`));
    });

    const opened = await connect(at(port, { starttls: 'pop3' }), { ...DEFAULT_LIMITS, timeoutMs: 2_000 });
    if (opened.kind === 'opened') closeWithReset(opened.socket);

    expect(opened).toMatchObject({ kind: 'opened', leftover });
  });

  it('is thrown away, and the handshake is done without it', async () => {
    const tls = await others.openssl('-cert', 'server.crt', '-key', 'server.key');
    const port = await faulty.listen((socket) => {
      socket.write('+OK hi\r\n');
      socket.once('data', () => {
        socket.write('+OK begin\r\ninjected\r\n');
        passOn(socket, tls);
      });
    });

    expect(chainOf(await exchange(at(port, { starttls: 'pop3' }), fullOffer('localhost')))).toEqual([
      lab.der('server'),
    ]);
  });
});

describe('HTTP CONNECT', () => {
  const PROXY = { host: '127.0.0.1', credentials: { user: 'lab', password: 'lab secret'.replace(' ', '-') } };

  it('tinyproxy lets in who has the password, to TLS and to STARTTLS', async () => {
    if (!peer('tinyproxy') || !isThere('smtp')) return;
    const proxy = { ...PROXY, port: await real.proxy('lab:lab-secret') };
    const tls = await others.openssl('-cert', 'server.crt', '-key', 'server.key', '-www');
    const smtp = await real.smtp();

    const direct = await exchange(at(tls, { proxy }), fullOffer('localhost'));
    const mail = await exchange(at(smtp, { proxy, starttls: 'smtp' }), fullOffer('localhost'));
    const page = await request({
      target: { host: 'localhost', port: tls, proxy }, // the proxy resolves the name
      servername: 'localhost',
      version: 'TLSv1.3',
      request: Buffer.from('GET / HTTP/1.0\r\n\r\n'),
      timeoutMs: 4_000,
    });

    expect(chainOf(direct)).toEqual([lab.der('server')]);
    expect(chainOf(mail)).toEqual([lab.der('server')]);
    expect(page.http?.status).toBe(200);
  });

  it('and nobody else; where the endpoint does not listen, it says so', async () => {
    if (!peer('tinyproxy')) return;
    const port = await real.proxy('lab:lab-secret');
    const stranger = { host: '127.0.0.1', port };

    const refused = await quickly(at(1, { proxy: stranger }));
    const wrong = await quickly(
      at(1, { proxy: { ...stranger, credentials: { user: 'lab', password: 'x' } } }),
    );
    const nobody = await quickly(at(1, { proxy: { ...PROXY, port } }));

    expect(refused).toMatchObject({ why: 'proxy-refused', said: expect.stringContaining('407') });
    expect(wrong).toMatchObject({ why: 'proxy-refused', said: expect.stringMatching(/40[17]/) });
    expect(nobody).toMatchObject({ why: 'proxy-refused', said: expect.stringContaining('500') });
  });

  it.each<[string, (socket: Socket) => void, string]>([
    ['silence', (socket) => socket.resume(), 'proxy-timeout'],
    ['a close', (socket) => socket.end(), 'proxy-closed'],
    ['something else', greeting('220 mx\r\n'), 'proxy-garbled'],
    ['a no', answering('HTTP/1.1 403 Forbidden\r\n\r\n'), 'proxy-refused'],
    ['fields without end', repeating(Buffer.from('HTTP/1.1 200 OK\r\n'.repeat(100))), 'proxy-endless'],
  ])('%s of a proxy has its own outcome', async (_name, behave, why) => {
    const proxy = { host: '127.0.0.1', port: await faulty.listen(behave) };

    expect(await quickly(at(443, { proxy }))).toMatchObject({ kind: 'unreachable', why });
  });

  it('a proxy that is not there is told to be the proxy', async () => {
    const outcome = await quickly(at(443, { proxy: { host: '127.0.0.1', port: 1 } }));

    expect(outcome).toEqual({ kind: 'unreachable', why: 'proxy-unreachable', code: 'ECONNREFUSED' });
  });

  it('what an endpoint says at once is read, though it came with the answer of the proxy', async () => {
    const port = await faulty.listen(answering('HTTP/1.1 200 OK\r\n\r\nSSH-2.0-OpenSSH_9.2\r\n'));

    const outcome = await quickly(at(22, { proxy: { host: '127.0.0.1', port } }));

    expect(outcome).toMatchObject({ kind: 'not-tls', protocol: 'ssh' });
  });
});

const QUICK_MS = 400;

function quickly(target: Target): Promise<HandshakeOutcome> {
  return exchange(target, fullOffer('localhost'), { limits: { timeoutMs: QUICK_MS } });
}

function chainOf(outcome: HandshakeOutcome): Uint8Array[] | string {
  if (outcome.kind !== 'server-hello') return JSON.stringify(outcome);
  return (outcome.flight.certificate?.chain ?? []).map((der) => Buffer.from(der));
}

/** One octet each 40 ms. */
function dripping(text: string): (socket: Socket) => void {
  return (socket) => {
    let at = 0;
    const timer = setInterval(() => {
      socket.write(text.charAt(at) || '.', 'latin1');
      at += 1;
    }, 40);
    socket.resume().on('close', () => clearInterval(timer));
  };
}

/** From here on the socket is connected to this port. */
function passOn(socket: Socket, port: number): void {
  const onward = tcpConnect(port, '127.0.0.1');
  onward.on('error', () => socket.destroy()).on('close', () => socket.destroy());
  socket.on('close', () => onward.destroy());
  socket.pipe(onward).pipe(socket);
}

function mysqlPacket(payload: string): string {
  return `${String.fromCharCode(payload.length)}\0\0\0${payload}`;
}

/** Those where the client has the first word. */
const SPEAKS_LAST: readonly StarttlsProtocol[] = ['ldap', 'postgres', 'xmpp'];
/** How greetings begin. */
const DRIP: Readonly<Record<StarttlsProtocol, string>> = {
  smtp: '220-a.mail.server.test',
  imap: '* OK it takes its time',
  pop3: '+OK it takes its time',
  ldap: '\x30\x84\0\0\x01\0\x02\x01\x01\x78',
  postgres: '',
  mysql: '\x40\0\0\0\x0a8.0.0-slowly',
  ftp: '220-a.file.server.test',
  xmpp: '<?xml version="1.0"?> <stream:stream',
};
/** What goes on and on. */
const ENDLESS: Readonly<Record<StarttlsProtocol, string>> = {
  smtp: '220-and on\r\n',
  imap: '* OK and on\r\n',
  pop3: '+OK and on ',
  ldap: '\x30\x84\x7f\x7f\x7f\x7f',
  postgres: 'and on',
  mysql: '\xff\xff\0\0\x0a',
  ftp: '220-and on\r\n',
  xmpp: '<stream:stream id="1"> ',
};
