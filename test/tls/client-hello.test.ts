import { describe, expect, it } from 'vitest';
import { ByteReader, uint16List } from '../../src/tls/byte-reader.js';
import { serverNameOf } from '../../src/tls/client-extensions.js';
import { type ClientHelloOffer, clientHello } from '../../src/tls/client-hello.js';
import { extensionData, readExtensions, EXTENSION_TYPE as TYPE } from '../../src/tls/extension.js';
import { generateKeyShare } from '../../src/tls/key-share.js';
import { secondClientHello } from '../../src/tls/second-client-hello.js';
import { readServerHello } from '../../src/tls/server-hello.js';

const OFFER: ClientHelloOffer = {
  versions: ['TLSv1.3', 'TLSv1.2'],
  cipherSuites: [0x1301, 0xc02b],
  serverName: 'api.test',
};
const RANDOM = Uint8Array.from({ length: 32 }, (_, index) => index * 7);

const written = (offer: ClientHelloOffer, keyShares = [generateKeyShare(29)!]) =>
  clientHello(offer, { random: RANDOM, sessionId: new Uint8Array(32), keyShares });

/** The fields of a ClientHello message. */
function read(message: Uint8Array) {
  const reader = new ByteReader(message.subarray(4), 'ClientHello');
  const version = reader.uint16();
  const random = reader.bytes(32);
  const sessionId = reader.vector8();
  const cipherSuites = uint16List(reader.vector16(), 'suites');
  const compressionMethods = [...reader.vector8()];
  const extensions = reader.remaining === 0 ? null : readExtensions(reader.vector16(), 'ClientHello');
  reader.end();
  return {
    version,
    random,
    sessionId,
    cipherSuites,
    compressionMethods,
    extensions,
    data: (type: number) => extensionData(extensions ?? [], type),
  };
}

describe('a ClientHello', () => {
  it('says its length and offers what it was told to', () => {
    const { message } = written(OFFER);
    const hello = read(message);

    expect(new ByteReader(message.subarray(1), 'length').uint24()).toBe(message.length - 4);
    expect(hello).toMatchObject({ version: 0x0303, cipherSuites: [0x1301, 0xc02b], compressionMethods: [0] });
    expect(Buffer.from(hello.data(TYPE.serverName) ?? []).toString('latin1')).toBe('\0\x0b\0\0\x08api.test');
    expect([...(hello.data(TYPE.supportedVersions) ?? [])]).toEqual([4, 3, 4, 3, 3]);
    expect(hello.data(TYPE.keyShare)).toHaveLength(2 + 4 + 32);
  });

  it.each([
    ['an IPv4 address', '192.0.2.1', null],
    ['an IPv6 address', '2001:db8::1', null],
    ['a scoped IPv6 address', 'fe80::1%eth0', null],
    ['a name', 'api.test', 'api.test'],
    ['an absolute name', 'api.test.', 'api.test'],
    ['nothing', '', null],
  ])('carries no server_name for %s unless it is a DNS name', (_what, host, name) => {
    expect(serverNameOf(host)).toBe(name);
    expect(read(written({ ...OFFER, serverName: host }).message).data(TYPE.serverName) === null).toBe(
      name === null,
    );
  });

  it('of TLS 1.2 alone says nothing of TLS 1.3', () => {
    const hello = read(written({ ...OFFER, versions: ['TLSv1.2'] }).message);

    for (const type of [TYPE.supportedVersions, TYPE.keyShare, TYPE.pskKeyExchangeModes])
      expect(hello.data(type)).toBeNull();
  });

  it('of TLS 1.0 has no signature_algorithms, of SSL 3.0 no extensions at all', () => {
    expect(read(written({ ...OFFER, versions: ['TLSv1'] }).message)).toMatchObject({ version: 0x0301 });
    expect(
      read(written({ ...OFFER, versions: ['TLSv1'] }).message).data(TYPE.signatureAlgorithms),
    ).toBeNull();
    expect(read(written({ ...OFFER, versions: ['SSLv3'] }).message)).toMatchObject({
      version: 0x0300,
      extensions: null,
    });
  });

  it('leaves out, replaces and adds what it is told to', () => {
    const extensions = [
      { type: TYPE.sessionTicket, data: Uint8Array.of(1, 2) },
      { type: TYPE.heartbeat, data: Uint8Array.of(1) },
    ];
    const hello = read(
      written({
        ...OFFER,
        omit: [TYPE.extendedMasterSecret],
        extensions,
        compressionMethods: [1, 0],
        alpn: ['h2'],
      }).message,
    );

    expect(hello.data(TYPE.extendedMasterSecret)).toBeNull();
    expect(hello.data(TYPE.encryptThenMac)).toHaveLength(0);
    expect([...(hello.data(TYPE.sessionTicket) ?? [])]).toEqual([1, 2]);
    expect([...(hello.data(TYPE.heartbeat) ?? [])]).toEqual([1]);
    expect(hello.compressionMethods).toEqual([1, 0]);
    expect(Buffer.from(hello.data(TYPE.applicationLayerProtocolNegotiation) ?? []).toString('latin1')).toBe(
      '\0\x03\x02h2',
    );
  });

  it.each([[256], [512], [513], [16_000]])('is padded to %i octets exactly', (padToBytes) => {
    const { message } = written({ ...OFFER, padToBytes });

    expect(message.length).toBe(Math.max(padToBytes, written(OFFER).message.length));
    expect(read(message)).toMatchObject({ cipherSuites: [0x1301, 0xc02b] });
  });

  it('with GREASE has reserved values that differ where they must', () => {
    for (let seed = 0; seed < 256; seed += 1) {
      const { message } = clientHello(
        { ...OFFER, grease: true },
        { random: RANDOM.map((octet) => octet ^ seed), sessionId: RANDOM, keyShares: [] },
      );
      const hello = read(message); // the same extension twice would not read

      expect(isGrease(hello.cipherSuites[0] ?? 0)).toBe(true);
      expect(hello.extensions?.filter(({ type }) => isGrease(type))).toHaveLength(2);
      expect(
        isGrease(uint16List(hello.data(TYPE.supportedVersions)?.subarray(1) ?? new Uint8Array(), '')[0] ?? 0),
      ).toBe(true);
    }
  });

  it('can offer no key share, and versions that nobody knows', () => {
    const hello = read(written({ ...OFFER, extraVersions: [0x0305] }, []).message);

    expect([...(hello.data(TYPE.keyShare) ?? [])]).toEqual([0, 0]);
    expect([...(hello.data(TYPE.supportedVersions) ?? [])]).toEqual([6, 3, 5, 3, 4, 3, 3]);
  });
});

describe('the second ClientHello', () => {
  it('is the first one with the share and the cookie that were asked for', () => {
    const retry = readServerHello(
      Buffer.from(
        '0303cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c00130100' +
          '0015' +
          '002b00020304' +
          '003300020018' +
          '002c0005' +
          '0003aabbcc',
        'hex',
      ),
    );
    const first = written(OFFER);
    const second = secondClientHello(first, retry)!;
    const hello = read(second.message);

    expect(retry).toMatchObject({ helloRetryRequest: true, keyShare: { group: 24, keyExchange: null } });
    expect(hello.random).toEqual(read(first.message).random);
    expect(hello.sessionId).toEqual(read(first.message).sessionId);
    expect([...(hello.data(TYPE.keyShare)?.subarray(2, 6) ?? [])]).toEqual([0, 24, 0, 97]);
    expect([...(hello.data(TYPE.cookie) ?? [])]).toEqual([0, 3, 0xaa, 0xbb, 0xcc]);
  });
});

/** One of the sixteen that RFC 8701 reserves: 0x0a0a, 0x1a1a … 0xfafa. */
function isGrease(codePoint: number): boolean {
  return (codePoint & 0x0f0f) === 0x0a0a && codePoint >> 8 === (codePoint & 0xff);
}
