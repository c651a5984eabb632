import { FaultyServers } from '../../tls/faulty-server.js';
import type { Lab } from '../lab.js';
import type { LabServer } from '../lab-server.js';

const SSL2_KINDS = new Map([
  ['SSL_CK_RC4_128_WITH_MD5', 0x010080],
  ['SSL_CK_DES_192_EDE3_CBC_WITH_MD5', 0x0700c0],
  ['SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5', 0x040080],
]);

/** Servers for the test alone: nobody ships SSL 2.0 any more. */
export const FAULTY_SERVERS: readonly LabServer[] = [
  {
    name: 'faulty-sslv2',
    program: 'openssl',
    start: ssl2,
    truth: {
      cipherSuites: { SSLv2: [...SSL2_KINDS.keys()] },
      groups: {},
      chain: ['rsa'],
      mustFail: ['offers-no-ssl-2'],
      clientAuth: null,
    },
  },
];

/** Answers a CLIENT-HELLO of SSL 2.0 with the cipher kinds that both have, draft-hickman-netscape-ssl §2.6; closes on
 *  anything else. */
function ssl2({ certificates: { der }, onClose }: Lab): Promise<number> {
  const servers = new FaultyServers();
  onClose(() => servers.close());
  return servers.listen((socket) => {
    socket.once('data', (hello) => {
      const isSsl2 = hello.length > 11 && hello[0]! >= 0x80 && hello[2] === 1 && hello.readUInt16BE(3) === 2;
      if (isSsl2) socket.write(serverHello(der('rsa'), commonKinds(hello)));
      else socket.end();
    });
  });
}

function commonKinds(hello: Buffer): number[] {
  const offered = hello.subarray(11, 11 + hello.readUInt16BE(5));
  const kinds: number[] = [];
  for (let at = 0; at + 3 <= offered.length; at += 3) kinds.push(offered.readUIntBE(at, 3));
  return [...SSL2_KINDS.values()].filter((kind) => kinds.includes(kind));
}

function serverHello(certificate: Buffer, kinds: readonly number[]): Buffer {
  const connectionId = Buffer.alloc(16, 7);
  const head = Buffer.from([4, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0]);
  head.writeUInt16BE(certificate.length, 5);
  head.writeUInt16BE(kinds.length * 3, 7);
  head.writeUInt16BE(connectionId.length, 9);
  const codes = kinds.map((kind) => Buffer.from([kind >> 16, (kind >> 8) & 0xff, kind & 0xff]));
  const body = Buffer.concat([head, certificate, ...codes, connectionId]);
  return Buffer.concat([Buffer.from([0x80 | (body.length >> 8), body.length & 0xff]), body]);
}
