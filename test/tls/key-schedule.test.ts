import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readCertificateMessage13 } from '../../src/tls/certificate-message.js';
import { cipherSuite } from '../../src/tls/cipher-suite.js';
import { HandshakeReassembler } from '../../src/tls/handshake.js';
import {
  applicationSecrets,
  finishedVerifyData,
  handshakeSecrets,
  hkdfExpandLabel,
  hkdfExtract,
  messageHash,
  transcriptHash,
} from '../../src/tls/key-schedule.js';
import { masterSecret12, prf12, verifyData12 } from '../../src/tls/key-schedule-12.js';
import { aeadOf } from '../../src/tls/record-protection.js';
import { recordProtection13 } from '../../src/tls/record-protection-13.js';
import { readServerHello } from '../../src/tls/server-hello.js';

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');
const asHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** RFC 8448 §3, "Simple 1-RTT Handshake". */
const CLIENT_HELLO =
  hex(`010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7000006130113031302010000910000
  000b0009000006736572766572ff01000100000a00140012001d0017001800190100010101020103010400230000003300260024001d002099381de560e4bd43d2
  3d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c002b0003020304000d0020001e040305030603020308040805080604010501060102010402050206020202
  002d00020101001c00024001`);
const SERVER_HELLO =
  hex(`020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e00330024001d0020c9
  828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304`);
const SERVER_FLIGHT =
  hex(`080000240022000a00140012001d00170018001901000101010201030104001c00024001000000000b0001b9000001b50001b03082
  01ac30820115a003020102020102300d06092a864886f70d01010b0500300e310c300a06035504031303727361301e170d3136303733303031323335395a170d32
  36303733303031323335395a300e310c300a0603550403130372736130819f300d06092a864886f70d010101050003818d0030818902818100b4bb498f8279303d
  980836399b36c6988c0c68de55e1bdb826d3901a2461eafd2de49a91d015abbc9a95137ace6c1af19eaa6af98c7ced43120998e187a80ee0ccb0524b1b018c3e0b
  63264d449a6d38e22a5fda430846748030530ef0461c8ca9d9efbfae8ea6d1d03e2bd193eff0ab9a8002c47428a6d35a8d88d79f7f1e3f0203010001a31a301830
  090603551d1304023000300b0603551d0f0404030205a0300d06092a864886f70d01010b05000381810085aad2a0e5b9276b908c65f73a7267170618a54c5f8a7b
  337d2df7a594365417f2eae8f8a58c8f8172f9319cf36b7fd6c55b80f21a03015156726096fd335e5e67f2dbf102702e608ccae6bec1fc63a42a99be5c3eb7107c
  3c54e9b9eb2bd5203b1c3b84e0a8b2f759409ba3eac9d91d402dcc0cc8f8961229ac9187b42b4de100000f000084080400805a747c5d88fa9bd2e55ab085a61015
  b7211f824cd484145ab3ff52f1fda8477b0b7abc90db78e2d33a5c141a078653fa6bef780c5ea248eeaaa785c4f394cab6d30bbe8d4859ee511f602957b15411ac
  027671459e46445c9ea58c181e818e95b8c3fb0bf3278409d3be152a3da5043e063dda65cdf5aea20d53dfacd42f74f3140000209b9b141d906337fbd2cbdce71d
  f4deda4ab42c309572cb7fffee5454b78f0718`);
const CLIENT_PRIVATE_KEY = hex('49af42ba7f7994852d713ef2784bcbcaa7911de26adc5642cb634540e7ea5005');
const SHARED_SECRET = hex('8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d');
const CLIENT_TRAFFIC = 'b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21';
const SERVER_TRAFFIC = 'b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38';

describe('RFC 8448 §3', () => {
  const helloHash = transcriptHash('sha256', [CLIENT_HELLO, SERVER_HELLO]);
  const secrets = handshakeSecrets('sha256', SHARED_SECRET, helloHash);

  it('the ServerHello is of TLS 1.3 and its share leads to the shared secret', () => {
    const {
      version,
      cipherSuite: suite,
      keyShare,
      downgradeSentinel,
    } = readServerHello(SERVER_HELLO.subarray(4));
    const spki = Buffer.concat([hex('302a300506032b656e032100'), keyShare?.keyExchange ?? Buffer.alloc(0)]);
    const pkcs8 = Buffer.concat([hex('302e020100300506032b656e04220420'), CLIENT_PRIVATE_KEY]);

    expect({ version, suite, group: keyShare?.group, downgradeSentinel }).toEqual({
      version: 'TLSv1.3',
      suite: 0x1301,
      group: 29,
      downgradeSentinel: null,
    });
    expect(
      diffieHellman({
        privateKey: createPrivateKey({ key: pkcs8, type: 'pkcs8', format: 'der' }),
        publicKey: createPublicKey({ key: spki, type: 'spki', format: 'der' }),
      }),
    ).toEqual(SHARED_SECRET);
  });

  it('handshake secrets', () => {
    expect(asHex(hkdfExtract('sha256', Buffer.alloc(32), Buffer.alloc(32)))).toBe(
      '33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a',
    );
    expect(asHex(helloHash)).toBe('860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8');
    expect(asHex(secrets.handshakeSecret)).toBe(
      '1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac',
    );
    expect(asHex(secrets.client)).toBe(CLIENT_TRAFFIC);
    expect(asHex(secrets.server)).toBe(SERVER_TRAFFIC);
  });

  it('traffic keys', () => {
    expect(asHex(hkdfExpandLabel('sha256', hex(SERVER_TRAFFIC), 'key', Buffer.alloc(0), 16))).toBe(
      '3fce516009c21727d0f2e4e86ee403bc',
    );
    expect(asHex(hkdfExpandLabel('sha256', hex(SERVER_TRAFFIC), 'iv', Buffer.alloc(0), 12))).toBe(
      '5d313eb2671276ee13000b30',
    );
    expect(asHex(hkdfExpandLabel('sha256', hex(CLIENT_TRAFFIC), 'key', Buffer.alloc(0), 16))).toBe(
      'dbfaa693d1762c5b666af5d950258d01',
    );
    expect(asHex(hkdfExpandLabel('sha256', hex(CLIENT_TRAFFIC), 'iv', Buffer.alloc(0), 12))).toBe(
      '5bd3c71b836e0b76bb73265f',
    );
  });

  it('the flight holds the certificate, and both Finished are what they must be', () => {
    const reassembler = new HandshakeReassembler(1_000);
    reassembler.push(SERVER_FLIGHT);
    const messages = [1, 2, 3, 4].map(() => reassembler.next()!);
    const before = [CLIENT_HELLO, SERVER_HELLO, ...messages.slice(0, 3).map(({ raw }) => raw)];

    expect(messages.map(({ type }) => type)).toEqual([8, 11, 15, 20]);
    expect(readCertificateMessage13(messages[1]!.body).chain.map(({ length }) => length)).toEqual([432]);
    expect(finishedVerifyData('sha256', secrets.server, transcriptHash('sha256', before))).toEqual(
      messages[3]!.body,
    );
    expect(
      asHex(
        finishedVerifyData(
          'sha256',
          secrets.client,
          transcriptHash('sha256', [CLIENT_HELLO, SERVER_HELLO, SERVER_FLIGHT]),
        ),
      ),
    ).toBe('a8ec436d677634ae525ac1fcebe11a039ec17694fac6e98527b642f2edd5ce61');
  });

  it('application secrets', () => {
    const finishedHash = transcriptHash('sha256', [CLIENT_HELLO, SERVER_HELLO, SERVER_FLIGHT]);
    const { client, server } = applicationSecrets('sha256', secrets.handshakeSecret, finishedHash);

    expect(asHex(finishedHash)).toBe('9608102a0f1ccc6db6250b7b7e417b1a000eaada3daae4777a7686c9ff83df13');
    expect(asHex(client)).toBe('9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5');
    expect(asHex(server)).toBe('a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643');
  });

  it("the client's Finished as a record", () => {
    const finished = hex('14000020a8ec436d677634ae525ac1fcebe11a039ec17694fac6e98527b642f2edd5ce61');
    const aead = aeadOf(cipherSuite(0x1301)!)!;

    expect(asHex(recordProtection13(aead, 'sha256', secrets.client).seal(22, finished))).toBe(
      '170303003575ec4dc238cce60b298044a71e219c56cc77b0517fe9b93c7a4bfc44d87f38f80338ac98fc46deb384bd1caeacab6867d726c40546',
    );
  });
});

it('message_hash takes the place of the first hello, RFC 8446 §4.4.1', () => {
  expect(asHex(messageHash('sha256', Buffer.alloc(0)))).toBe(
    'fe000020e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  );
});

describe('TLS 1.2', () => {
  it('the PRF with SHA-256 gives the published test vector', () => {
    const output = prf12(
      'sha256',
      hex('9bbe436ba940f017b17652849a71db35'),
      'test label',
      hex('a0ba9f936cda311827a6f796ffd5198c'),
      100,
    );

    expect(asHex(output)).toBe(
      'e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66',
    );
  });

  it('secrets have the lengths of RFC 5246, and the extended master secret is another one', () => {
    const randoms = { client: Buffer.alloc(32, 1), server: Buffer.alloc(32, 2) };
    const plain = masterSecret12('sha256', Buffer.alloc(32, 3), randoms, null);
    const extended = masterSecret12('sha256', Buffer.alloc(32, 3), randoms, Buffer.alloc(32, 4));

    expect([plain.length, extended.length]).toEqual([48, 48]);
    expect(asHex(plain)).not.toBe(asHex(extended));
    expect(verifyData12('sha384', plain, 'client', Buffer.alloc(48))).toHaveLength(12);
  });
});
