import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { ByteReader } from '../../src/tls/byte-reader.js';
import { cipherSuite } from '../../src/tls/cipher-suite.js';
import { EXTENSION_TYPE, extensionData, extensionList, readExtensions } from '../../src/tls/extension.js';
import { GROUP } from '../../src/tls/group.js';
import { handshakeMessage } from '../../src/tls/handshake.js';
import {
  applicationSecrets,
  finishedVerifyData,
  handshakeSecrets,
  transcriptHash,
  updatedTrafficSecret,
} from '../../src/tls/key-schedule.js';
import { generateKeyShare } from '../../src/tls/key-share.js';
import { record } from '../../src/tls/record.js';
import { aeadOf } from '../../src/tls/record-protection.js';
import { recordProtection13 } from '../../src/tls/record-protection-13.js';
import { concat, uint8, uint16, vector8, vector16 } from '../../src/tls/vector.js';

/** What a TLS 1.3 server for one connection sends; whatever is wrong with it goes out well encrypted. */
export interface Script13 {
  /** Messages between ServerHello and Finished. */
  readonly flight: readonly Uint8Array[];
  /** Share of x25519 in place of a good one. */
  readonly keyExchange?: Uint8Array;
  /** Put into the record of Finished, after it. */
  readonly behindFinished?: Uint8Array;
  /** Body of Finished in place of the right one. */
  readonly finished?: Uint8Array;
  /** Records under the application keys, sent without waiting for the client. */
  readonly afterwards?: readonly { readonly type: number; readonly content: Uint8Array }[];
  /** Done to each record before it goes out. */
  readonly spoil?: (bytes: Uint8Array) => Uint8Array;
}

/** A server of TLS 1.3 with x25519 and AES-128-GCM, and no idea of certificates. */
export function tls13Server(script: () => Script13): (socket: Socket) => void {
  return (socket) => {
    socket.once('data', (chunk: Uint8Array) => socket.write(answer(chunk, script())));
  };
}

function answer(received: Uint8Array, script: Script13): Uint8Array {
  const { flight, finished, afterwards = [], spoil = (bytes) => bytes } = script;
  const clientHello = received.subarray(5);
  const { sessionId, peerShare } = readClientHello(clientHello);
  const share = generateKeyShare(GROUP.x25519)!;
  const serverHello = serverHelloMessage(sessionId, script.keyExchange ?? share.keyExchange);
  const transcript = [clientHello, serverHello];
  const aead = aeadOf(cipherSuite(SUITE)!)!;
  const secrets = handshakeSecrets('sha256', share.agree(peerShare), transcriptHash('sha256', transcript));
  const handshake = recordProtection13(aead, 'sha256', secrets.server);
  transcript.push(...flight);
  const verifyData =
    finished ?? finishedVerifyData('sha256', secrets.server, transcriptHash('sha256', transcript));
  const finishedMessage = handshakeMessage(20, verifyData);
  transcript.push(finishedMessage);
  const application = applicationSecrets(
    'sha256',
    secrets.handshakeSecret,
    transcriptHash('sha256', transcript),
  );
  let secret = application.server;
  let protection = recordProtection13(aead, 'sha256', secret);
  const sealed = (type: number, content: Uint8Array): Uint8Array => {
    const bytes = protection.seal(type, content);
    if (type !== 22 || content[0] !== KEY_UPDATE) return bytes;
    secret = updatedTrafficSecret('sha256', secret);
    protection = recordProtection13(aead, 'sha256', secret);
    return bytes;
  };
  return concat(
    ...[
      record(22, 0x0303, serverHello),
      ...flight.map((message) => handshake.seal(22, message)),
      handshake.seal(22, concat(finishedMessage, script.behindFinished ?? new Uint8Array())),
      ...afterwards.map(({ type, content }) => sealed(type, content)),
    ].map(spoil),
  );
}

function serverHelloMessage(sessionId: Uint8Array, keyExchange: Uint8Array): Uint8Array {
  const extensions = extensionList([
    { type: EXTENSION_TYPE.supportedVersions, data: uint16(0x0304) },
    { type: EXTENSION_TYPE.keyShare, data: concat(uint16(GROUP.x25519), vector16(keyExchange)) },
  ]);
  return handshakeMessage(
    2,
    concat(uint16(0x0303), randomBytes(32), vector8(sessionId), uint16(SUITE), uint8(0), extensions),
  );
}

function readClientHello(message: Uint8Array): { sessionId: Uint8Array; peerShare: Uint8Array } {
  const reader = new ByteReader(message.subarray(4), 'ClientHello');
  reader.bytes(34);
  const sessionId = reader.vector8();
  reader.vector16();
  reader.vector8();
  const shares = extensionData(readExtensions(reader.vector16(), 'ClientHello'), EXTENSION_TYPE.keyShare)!;
  const share = new ByteReader(shares.subarray(4), 'key share');
  return { sessionId, peerShare: share.vector16() };
}

const SUITE = 0x1301;
const KEY_UPDATE = 24;
