import { type PlainTalk, TalkFailed } from './plain-talk.js';
import type { Starttls } from './starttls-protocol.js';

/** LDAP, RFC 4511 §4.14: an ExtendedRequest with the OID of StartTLS. */
export const ldap: Starttls = {
  defaultPort: 389,
  async negotiate(talk) {
    const name = Buffer.from(START_TLS);
    talk.send(tlv(SEQUENCE, ONE, tlv(EXTENDED_REQUEST, tlv(REQUEST_NAME, name))));
    const { resultCode, diagnosticMessage } = await readResult(talk);
    if (resultCode !== SUCCESS)
      throw new TalkFailed('refused', `resultCode ${resultCode} ${diagnosticMessage}`);
  },
  /** A request that there is not, [APPLICATION 30]: the server answers with a notice of disconnection and closes, §4.1.1.
   *  An answer to a real request may get lost when an UnbindRequest follows it. */
  farewell: Buffer.of(0x30, 5, 0x02, 1, 2, 0x7e, 0),
};

interface Result {
  readonly resultCode: number;
  readonly diagnosticMessage: string;
}

/** Reads an ExtendedResponse; a notice of disconnection (§4.4.1) is one too. */
async function readResult(talk: PlainTalk): Promise<Result> {
  const message = await talk.until(endOfElement);
  const [messageId, response] = elements(elements(message)[0]?.content ?? message);
  if (messageId?.tag !== INTEGER || response?.tag !== EXTENDED_RESPONSE)
    throw new TalkFailed('garbled', message);
  const [resultCode, , diagnosticMessage] = elements(response.content);
  if (resultCode?.tag !== ENUMERATED || resultCode.content.length !== 1)
    throw new TalkFailed('garbled', message);
  return {
    resultCode: resultCode.content[0]!,
    diagnosticMessage: diagnosticMessage?.content.toString('latin1') ?? '',
  };
}

interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

/** All BER elements in a row; what is cut short at the end is left out. */
function elements(octets: Buffer): Element[] {
  const found: Element[] = [];
  for (let rest = octets; rest.length > 0; ) {
    const header = headerOf(rest);
    if (header === null || header.end > rest.length) break;
    found.push({ tag: rest[0]!, content: rest.subarray(header.begin, header.end) });
    rest = rest.subarray(header.end);
  }
  return found;
}

function endOfElement(octets: Buffer): number | null {
  if (octets.length > 0 && octets[0] !== SEQUENCE) throw new TalkFailed('garbled', octets);
  const header = headerOf(octets);
  if (header === null) return null;
  return octets.length >= header.end ? header.end : null;
}

/** Where an element's content begins and ends. BER: Active Directory writes every length in four octets. */
function headerOf(octets: Buffer): { begin: number; end: number } | null {
  const first = octets[1];
  if (first === undefined) return null;
  if (first < 0x80) return { begin: 2, end: 2 + first };
  const count = first & 0x7f;
  if (count === 0 || count > 4) throw new TalkFailed('garbled', octets);
  if (octets.length < 2 + count) return null;
  const begin = 2 + count;
  return { begin, end: begin + octets.readUIntBE(2, count) };
}

/** @param contents shorter than 128 octets together */
function tlv(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.of(tag, content.length), content]);
}

const START_TLS = '1.3.6.1.4.1.1466.20037';
const INTEGER = 0x02;
const ENUMERATED = 0x0a;
const SEQUENCE = 0x30;
const EXTENDED_REQUEST = 0x77;
const EXTENDED_RESPONSE = 0x78;
const REQUEST_NAME = 0x80;
const ONE = Buffer.of(INTEGER, 1, 1);
const SUCCESS = 0;
