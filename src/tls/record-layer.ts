import { ALERT, ALERT_LEVEL } from './alert.js';
import { ByteReader, DecodeError } from './byte-reader.js';
import type { Limits } from './connect.js';
import type { Connection } from './connection.js';
import { type NotTls, PeerEnded } from './ending.js';
import { type HandshakeMessage, HandshakeReassembler } from './handshake.js';
import { plainProtocolOf } from './plain-protocol.js';
import {
  CONTENT_TYPE,
  RECORD_HEADER_BYTES,
  readRecordHeader,
  records,
  startsRecord,
  type TlsRecord,
} from './record.js';
import type { RecordProtection } from './record-protection-13.js';
import { concat } from './vector.js';

/** What comes out of the record layer, one thing at a time; alerts that end the connection are thrown as PeerEnded. */
export type Incoming =
  | { readonly kind: 'handshake'; readonly message: HandshakeMessage }
  | { readonly kind: 'application-data'; readonly bytes: Uint8Array }
  | { readonly kind: 'heartbeat'; readonly bytes: Uint8Array }
  | { readonly kind: 'change-cipher-spec' };

/** The record layer of one connection, RFC 8446 §5: framing, protection, reassembly, alerts, and the limits on all of them. */
export class RecordLayer {
  readonly #connection: Connection;
  readonly #messages: HandshakeReassembler;
  readonly #warnings: number[] = [];
  #buffered: Uint8Array = new Uint8Array();
  #recordsLeft: number;
  #isFirst = true;
  #isTls13 = false;
  #reading: RecordProtection | null = null;
  #writing: RecordProtection | null = null;

  constructor(connection: Connection, limits: Limits) {
    this.#connection = connection;
    this.#messages = new HandshakeReassembler(limits.maxMessageBytes);
    this.#recordsLeft = limits.maxRecords;
  }

  /** Descriptions of the warning alerts that were passed over. */
  get warnings(): readonly number[] {
    return this.#warnings;
  }

  /** Lets so many more records in: after the handshake a peer sends as it likes, within the limit on octets. */
  allowRecords(count: number): void {
    this.#recordsLeft += count;
  }

  /** From the next record on. A message that is not whole by then is a DecodeError, RFC 8446 §5.1. */
  protectReading(protection: RecordProtection): void {
    if (this.#messages.pendingBytes > 0) throw new DecodeError('handshake message across a change of keys');
    this.#reading = protection;
  }

  protectWriting(protection: RecordProtection): void {
    this.#writing = protection;
  }

  /** From here on the rules of TLS 1.3 hold: change_cipher_spec is the dummy of its middlebox compatibility mode
   *  (RFC 8446 appendix D.4), and there are no warnings. */
  speakTls13(): void {
    this.#isTls13 = true;
  }

  /** A handshake message; anything else that is not passed over is a DecodeError. */
  async nextMessage(): Promise<HandshakeMessage> {
    for (;;) {
      const incoming = await this.next();
      if (incoming.kind === 'handshake') return incoming.message;
      const isDummy = incoming.kind === 'change-cipher-spec' && this.#isTls13;
      if (!isDummy) throw new DecodeError(`${incoming.kind} where a handshake message belongs`);
    }
  }

  /** Whatever comes next. */
  async next(): Promise<Incoming> {
    for (;;) {
      const message = this.#messages.next();
      if (message !== null) return { kind: 'handshake', message };
      const { type, fragment } = await this.#nextRecord();
      if (type === CONTENT_TYPE.handshake) this.#messages.push(fragment);
      else if (this.#messages.pendingBytes > 0)
        throw new DecodeError(`record of type ${type} inside a handshake message`);
      else if (type === CONTENT_TYPE.applicationData) return { kind: 'application-data', bytes: fragment };
      else if (type === CONTENT_TYPE.heartbeat) return { kind: 'heartbeat', bytes: fragment };
      else if (type === CONTENT_TYPE.changeCipherSpec) return { kind: 'change-cipher-spec' };
      else if (type === CONTENT_TYPE.alert) this.#heed(fragment);
      else throw new DecodeError(`record of type ${type}`);
    }
  }

  /** Sends under the write keys of the moment; in clear while there are none.
   *  @param fragmentBytes octets in each record where it goes out in clear */
  send(type: number, content: Uint8Array, version: number, fragmentBytes?: number): void {
    const isPlain = this.#writing === null || type === CONTENT_TYPE.changeCipherSpec;
    if (isPlain) this.#connection.write(records(type, version, content, fragmentBytes));
    else this.#connection.write(this.#sealed(this.#writing!, type, content));
  }

  #sealed(protection: RecordProtection, type: number, content: Uint8Array): Uint8Array {
    const parts: Uint8Array[] = [];
    for (let start = 0; start < content.length; start += MAX_PLAINTEXT) {
      parts.push(protection.seal(type, content.subarray(start, start + MAX_PLAINTEXT)));
    }
    return concat(...parts);
  }

  async #nextRecord(): Promise<TlsRecord> {
    const { type, version, length } = await this.#nextHeader();
    if (this.#recordsLeft === 0) throw new DecodeError('too many records');
    this.#recordsLeft -= 1;
    const end = RECORD_HEADER_BYTES + length;
    await this.#fill(end);
    const fragment = this.#buffered.subarray(RECORD_HEADER_BYTES, end);
    this.#buffered = this.#buffered.subarray(end);
    const received = { type, version, fragment };
    return this.#reading === null ? received : this.#reading.open(received);
  }

  async #nextHeader(): Promise<ReturnType<typeof readRecordHeader>> {
    try {
      await this.#fill(RECORD_HEADER_BYTES);
      const header = readRecordHeader(this.#buffered.subarray(0, RECORD_HEADER_BYTES));
      this.#isFirst = false;
      return header;
    } catch (error) {
      const isForeign = error instanceof DecodeError || !startsRecord(this.#buffered);
      if (this.#isFirst && isForeign) throw new PeerEnded(notTls(this.#buffered));
      throw error;
    }
  }

  async #fill(length: number): Promise<void> {
    while (this.#buffered.length < length) {
      const bytes = await this.#connection.read();
      this.#buffered = this.#buffered.length === 0 ? bytes : concat(this.#buffered, bytes);
    }
  }

  /** RFC 5246 §7.2: a warning is passed over. RFC 8446 §6: close_notify says that no more will come, and in TLS 1.3 any other
   *  alert but user_canceled is an error, whatever its level. */
  #heed(fragment: Uint8Array): void {
    const reader = new ByteReader(fragment, 'alert');
    const level = reader.uint8();
    const alert = reader.uint8();
    if (alert === ALERT.closeNotify) throw new PeerEnded({ kind: 'eof', closeNotify: true });
    const isWarning = level === ALERT_LEVEL.warning && (!this.#isTls13 || alert === ALERT.userCanceled);
    if (!isWarning) throw new PeerEnded({ kind: 'alert', level, alert });
    this.#warnings.push(alert);
  }
}

function notTls(received: Uint8Array): NotTls {
  const firstBytes = received.slice(0, FIRST_BYTES);
  return { kind: 'not-tls', firstBytes, protocol: plainProtocolOf(firstBytes) };
}

const FIRST_BYTES = 256;
const MAX_PLAINTEXT = 16_384;
