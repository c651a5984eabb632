import type { Socket } from 'node:net';
import { ByteReader } from '../../src/tls/byte-reader.js';
import { cipherSuite } from '../../src/tls/cipher-suite.js';
import { GROUP } from '../../src/tls/group.js';
import { HandshakeReassembler, handshakeMessage } from '../../src/tls/handshake.js';
import { transcriptHash } from '../../src/tls/key-schedule.js';
import { keyBlock12, masterSecret12, verifyData12 } from '../../src/tls/key-schedule-12.js';
import { generateKeyShare } from '../../src/tls/key-share.js';
import { readRecordHeader, record } from '../../src/tls/record.js';
import { aeadOf } from '../../src/tls/record-protection.js';
import { recordProtection12 } from '../../src/tls/record-protection-12.js';
import { concat, uint8, uint16, vector8, vector16 } from '../../src/tls/vector.js';

/** What a TLS 1.2 server for one connection does at the end of the handshake. */
export interface Script12 {
  /** verify_data in place of the right one. */
  readonly verifyData?: Uint8Array;
  /** Sent in clear in place of change_cipher_spec and Finished. */
  readonly instead?: Uint8Array;
  /** Records after Finished. */
  readonly afterwards?: readonly { readonly type: number; readonly content: Uint8Array }[];
}

/** A server of TLS 1.2 with TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 and x25519, and no idea of certificates. */
export function tls12Server(script: Script12): (socket: Socket) => void {
  return (socket) => {
    const share = generateKeyShare(GROUP.x25519)!;
    socket.once('data', (clientHello: Uint8Array) => {
      const flight = concat(
        handshakeMessage(2, concat(uint16(0x0303), SERVER_RANDOM, vector8(), uint16(SUITE), uint8(0))),
        handshakeMessage(
          12,
          concat(
            uint8(3),
            uint16(GROUP.x25519),
            vector8(share.keyExchange),
            uint16(0x0403),
            vector16(uint8(0)),
          ),
        ),
        handshakeMessage(14, new Uint8Array()),
      );
      socket.write(record(22, 0x0303, flight));
      socket.once('data', (answer: Uint8Array) => {
        socket.write(
          script.instead ?? lastFlight(clientHello.subarray(5), flight, answer, share.agree, script),
        );
      });
    });
  };
}

function lastFlight(
  clientHello: Uint8Array,
  flight: Uint8Array,
  answer: Uint8Array,
  agree: (peer: Uint8Array) => Uint8Array,
  { verifyData, afterwards = [] }: Script12,
): Uint8Array {
  const [keyExchange, , finished] = recordsOf(answer);
  const messages = new HandshakeReassembler(1_000);
  messages.push(keyExchange!.fragment);
  const { body, raw } = messages.next()!;
  const randoms = { client: clientHello.subarray(6, 38), server: SERVER_RANDOM };
  const master = masterSecret12('sha256', agree(new ByteReader(body, 'share').vector8()), randoms, null);
  const aead = aeadOf(cipherSuite(SUITE)!)!;
  const keys = keyBlock12('sha256', master, randoms, aead.keyBytes, 4);
  const clientFinished = recordProtection12(aead, keys.client).open(finished!).fragment;
  const digest = transcriptHash('sha256', [clientHello, flight, raw, clientFinished]);
  const protection = recordProtection12(aead, keys.server);
  return concat(
    record(20, 0x0303, uint8(1)),
    protection.seal(22, handshakeMessage(20, verifyData ?? verifyData12('sha256', master, 'server', digest))),
    ...afterwards.map(({ type, content }) => protection.seal(type, content)),
  );
}

function recordsOf(bytes: Uint8Array): { type: number; version: number; fragment: Uint8Array }[] {
  const reader = new ByteReader(bytes, 'records');
  const list: { type: number; version: number; fragment: Uint8Array }[] = [];
  while (reader.remaining > 0) {
    const { type, version, length } = readRecordHeader(reader.bytes(5));
    list.push({ type, version, fragment: reader.bytes(length) });
  }
  return list;
}

const SUITE = 0xc02b;
const SERVER_RANDOM = new Uint8Array(32).fill(7);
