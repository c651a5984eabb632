import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Connections } from '../../src/probe/connections.js';
import { startScan } from '../../src/probe/scan/run-scan.js';
import type { Scan } from '../../src/probe/scan.js';
import type { Target } from '../../src/tls/connect.js';
import { handshakeMessage } from '../../src/tls/handshake.js';
import { record } from '../../src/tls/record.js';
import { concat, uint8, uint16, vector8 } from '../../src/tls/vector.js';
import { FaultyServers, repeating } from '../tls/faulty-server.js';

const servers = new FaultyServers();
afterEach(() => servers.close());

const TAKEN = [0x002f, 0xc02f, 0x0035];

/** A server of TLS 1.2 with three suites, which does as it is told with a hello that it takes and with one that it does not. */
const server =
  (
    refuse: (socket: Socket) => void,
    answer = (socket: Socket, hello: Uint8Array) => void socket.write(hello),
  ) =>
  (socket: Socket): void => {
    socket.once('data', (hello: Buffer) => {
      const suite =
        hello.readUInt16BE(9) === 0x0303 ? suitesOf(hello).find((id) => TAKEN.includes(id)) : undefined;
      if (suite === undefined) refuse(socket);
      else answer(socket, flight(suite));
    });
  };
const suitesOf = (hello: Buffer): number[] => {
  const start = 44 + hello[43]!;
  const count = hello.readUInt16BE(start) / 2;
  return Array.from({ length: count }, (_, index) => hello.readUInt16BE(start + 2 + 2 * index));
};
const flight = (suite: number): Uint8Array => {
  const hello = concat(uint16(0x0303), new Uint8Array(32).fill(7), vector8(), uint16(suite), uint8(0));
  return record(22, 0x0303, concat(handshakeMessage(2, hello), handshakeMessage(14, new Uint8Array())));
};
const alert = (socket: Socket): void => void socket.end(Uint8Array.of(21, 3, 3, 0, 2, 2, 40));

/** A certificate of two octets, one cipher kind and a connection id of one octet. */
const SSL2_SERVER_HELLO = Uint8Array.of(0x80, 17, 4, 0, 1, 0, 2, 0, 2, 0, 3, 0, 1, 0x30, 0, 7, 0, 0xc0, 9);

const scanned = async (
  behave: (socket: Socket) => void,
  timeoutMs = 1000,
  starttls: Pick<Target, 'starttls'> = {},
) => {
  let count = 0;
  const port = await servers.listen((socket) => {
    count += 1;
    behave(socket);
  });
  const connections = new Connections(
    { host: '127.0.0.1', port, ...starttls },
    starttls.starttls ? 4 : 32,
    timeoutMs,
  );
  const startedAt = performance.now();
  const { opening, finish } = await startScan(connections, {
    servername: null,
    request: new Uint8Array(),
    gentle: false,
  });
  const scan = await finish();
  return { scan, opening, count, tookMs: performance.now() - startedAt };
};
const suites = ({ cipherSuites }: Scan): readonly number[] =>
  [...(cipherSuites.get('TLSv1.2')?.ids ?? [])].sort((a, b) => a - b);

describe('a refusal', () => {
  it.each<[string, (socket: Socket) => void]>([
    ['an alert', alert],
    ['a close', (socket) => socket.end()],
    ['a reset', (socket) => socket.resetAndDestroy()],
  ])('may be %s', async (_how, refuse) => {
    const { scan } = await scanned(server(refuse));

    expect(suites(scan)).toEqual([...TAKEN].sort((a, b) => a - b));
    expect(scan.cipherSuites.get('TLSv1.2')!.incomplete).toBeNull();
    expect(scan.protocols).toMatchObject({
      SSLv3: { value: false },
      'TLSv1.1': { value: false },
      'TLSv1.2': { value: true },
      'TLSv1.3': { value: false },
    });
  });

  it('is never silence', async () => {
    const { scan, tookMs } = await scanned(
      server(() => {}),
      150,
    );

    expect(scan.protocols['TLSv1.1']).toEqual({ value: null, why: expect.any(String) });
    expect(scan.protocols.SSLv3.value).toBeNull();
    expect(scan.protocols['TLSv1.2'].value).toBe(true);
    expect(suites(scan).length).toBeGreaterThan(0);
    expect(scan.cipherSuites.get('TLSv1.2')!.incomplete).toMatch(/no answer came in time|fell silent/);
    expect(tookMs).toBeLessThan(10_000);
  });
});

describe('a server that cannot keep up', () => {
  it('is asked again, with fewer connections at once, until it has told everything', async () => {
    let open = 0;
    let most = 0;
    const busy = server(alert, (socket, hello) => void setTimeout(() => socket.write(hello), 5));
    const { scan } = await scanned((socket) => {
      open += 1;
      most = Math.max(most, open);
      socket.on('close', () => (open -= 1));
      if (open > 6) socket.resetAndDestroy();
      else busy(socket);
    });

    expect(most).toBeGreaterThan(6);
    expect(suites(scan)).toEqual([...TAKEN].sort((a, b) => a - b));
    expect(scan.cipherSuites.get('TLSv1.2')!.incomplete).toBeNull();
  });

  it.each<[string, (socket: Socket) => void]>([
    ['closes on everything', (socket) => socket.end()],
    ['falls silent', () => {}],
  ])('and %s after a while leaves an incomplete list, not a short one', async (_how, end) => {
    let count = 0;
    const { scan, tookMs } = await scanned((socket) => {
      count += 1;
      if (count > 8) end(socket);
      else server(alert)(socket);
    }, 200);

    expect([...scan.cipherSuites.keys()]).toEqual(['TLSv1.2']);
    for (const { incomplete } of scan.cipherSuites.values()) expect(incomplete).not.toBeNull();
    expect(tookMs).toBeLessThan(10_000);
  });
});

describe('a server that begins in the clear', () => {
  const pop3 = (socket: Socket): void => {
    socket.write('+OK ready\r\n');
    socket.once('data', () => {
      socket.write('+OK\r\n');
      server(alert)(socket);
    });
  };

  it('is told as any other', async () => {
    const { scan } = await scanned(pop3, 1000, { starttls: 'pop3' });

    expect(suites(scan)).toEqual([...TAKEN].sort((a, b) => a - b));
    expect(scan.cipherSuites.get('TLSv1.2')!.incomplete).toBeNull();
  });

  it.each<[string, (socket: Socket) => void]>([
    ['before it greets', () => {}],
    ['before it agrees to TLS', (socket) => socket.write('+OK ready\r\n')],
  ])('is left alone where it falls silent %s', async (_when, silence) => {
    let count = 0;
    const { scan, tookMs } = await scanned(
      (socket) => {
        count += 1;
        if (count > 8) silence(socket);
        else pop3(socket);
      },
      200,
      { starttls: 'pop3' },
    );

    for (const { incomplete } of scan.cipherSuites.values())
      expect(incomplete).toMatch(/no connection came about|fell silent/);
    expect(count).toBeLessThan(35);
    expect(tookMs).toBeLessThan(5_000);
  });
});

describe('a server that chooses what it cannot do', () => {
  it.each<[string, (socket: Socket) => void]>([
    ['by internal_error', (socket) => void socket.end(Uint8Array.of(21, 3, 3, 0, 2, 2, 80))],
    ['by a close', (socket) => socket.end()],
  ])('and fails %s still has all its others told', async (_how, fail) => {
    const [DHE, BEHIND_IT] = [0x009e, 0x009c];
    const { scan } = await scanned((socket) => {
      socket.once('data', (hello: Buffer) => {
        const isKnown = (id: number): boolean => id === DHE || id === BEHIND_IT || TAKEN.includes(id);
        const chosen = hello.readUInt16BE(9) === 0x0303 ? suitesOf(hello).find(isKnown) : undefined;
        if (chosen === undefined) alert(socket);
        else if (chosen === DHE) fail(socket);
        else socket.write(flight(chosen));
      });
    });

    expect(suites(scan)).toEqual([...TAKEN, BEHIND_IT].sort((a, b) => a - b));
  });
});

describe('a server of SSL 2.0 alone', () => {
  it('closes on every other hello, and is told all the same', async () => {
    const { scan } = await scanned((socket) => {
      socket.once('data', (hello) => (hello[0]! >= 0x80 ? socket.write(SSL2_SERVER_HELLO) : socket.end()));
    });

    expect(scan.protocols).toMatchObject({ SSLv2: { value: true }, 'TLSv1.2': { value: false } });
    expect(scan.cipherSuites.get('SSLv2')!.ids).toEqual([0x0700c0]);
    expect(scan.chains.map(({ chain }) => chain)).toEqual([[Buffer.of(0x30, 0)]]);
  });
});

describe('a server that refuses everything by an alert', () => {
  it('speaks TLS, but no version that is known', async () => {
    const { scan } = await scanned((socket) => socket.once('data', () => alert(socket)));

    expect(scan.protocols['TLSv1.2'].value).toBe(false);
    expect(scan.hello.toleratesGrease.value).toBeNull();
    expect(scan.cipherSuites.size).toBe(0);
  });
});

describe('a port that is no TLS server', () => {
  it.each<[string, (socket: Socket) => void, number]>([
    ['swallows all', (socket) => socket.resume(), 4],
    ['closes at once', (socket) => socket.end(), 8],
    ['speaks HTTP', (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')), 1],
    ['never ends', repeating(record(22, 0x0303, new Uint8Array(16_000)), 1), 4],
  ])('and %s is left alone', async (_what, behave, most) => {
    const { scan, opening, count } = await scanned(behave, 200);

    expect(opening.first).toBeNull();
    expect(Object.values(scan.protocols).every(({ value }) => value === null)).toBe(true);
    expect(count).toBeLessThanOrEqual(most);
  });
});
