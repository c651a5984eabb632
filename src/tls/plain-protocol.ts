import type { PlainProtocol } from './ending.js';

/** The protocol whose greeting or error these octets begin; null where they look like none.
 *  @param firstBytes what came instead of a TLS record */
export function plainProtocolOf(firstBytes: Uint8Array): PlainProtocol | null {
  const bytes = Buffer.from(firstBytes);
  const text = TEXT_GREETINGS.find(([, greeting]) => greeting.test(bytes.toString('latin1')));
  const binary = BINARY_GREETINGS.find(([, greeting]) => greeting.test(bytes.toString('hex')));
  return (text ?? binary)?.[0] ?? null;
}

type Greeting = readonly [PlainProtocol, RegExp];

/** RFC 9112 §4, RFC 4253 §4.2, RFC 959 §5.4, RFC 5321 §4.2, RFC 1939 §4, RFC 3501 §7.1, RFC 6120 §4.7;
 *  then the greetings of Redis, RFB (VNC) and AMQP. */
const TEXT_GREETINGS: readonly Greeting[] = [
  ['http', /^(HTTP\/|\s*<(!doctype html|html))/i],
  ['ssh', /^SSH-/],
  ['ftp', /^220[ -].*ftp/i],
  ['smtp', /^(220|421|554)[ -]/],
  ['pop3', /^\+OK/],
  ['imap', /^\* (OK|PREAUTH|BYE)/],
  ['xmpp', /^<(\?xml|stream:)/],
  ['redis', /^-(ERR|DENIED|NOAUTH)/],
  ['vnc', /^RFB \d/],
  ['amqp', /^AMQP/],
];

/** In hexadecimal: a SETTINGS frame on stream 0 (RFC 9113 §4.1), MySQL's handshake (version 10) or error packet,
 *  PostgreSQL's ErrorResponse, LDAP's extended or bind response (RFC 4511 §4.1.1), TPKT (RDP, RFC 1006 §6),
 *  and an SSL 2.0 record with an ERROR or a SERVER-HELLO. */
const BINARY_GREETINGS: readonly Greeting[] = [
  ['http2', /^0000..04..00000000/],
  ['mysql', /^.{4}0000(0a|ff)/],
  ['postgresql', /^450000/],
  ['ldap', /^30(..|8...{2,6})0201..(61|78)/],
  ['rdp', /^030000/],
  ['ssl2', /^[89a-f]...(00|04)/],
];
