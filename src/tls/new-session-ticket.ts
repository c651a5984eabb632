import { ByteReader } from './byte-reader.js';
import { EXTENSION_TYPE, extensionData, readExtensions } from './extension.js';

/** What a server gives to resume by: NewSessionTicket of TLS 1.3 (RFC 8446 §4.6.1) or of RFC 5077 before it. */
export interface NewSessionTicket {
  /** In seconds; 0 in TLS 1.2 leaves it to the client. */
  readonly lifetimeSeconds: number;
  readonly ticket: Uint8Array;
  /** Octets of early data (0-RTT) that the server takes; null where it takes none. */
  readonly maxEarlyDataSize: number | null;
}

/** Reads the body of a NewSessionTicket of TLS 1.3. */
export function readNewSessionTicket13(body: Uint8Array): NewSessionTicket {
  const reader = new ByteReader(body, 'NewSessionTicket');
  const lifetimeSeconds = reader.uint32();
  reader.uint32(); // ticket_age_add
  reader.vector8(); // ticket_nonce
  const ticket = reader.vector16();
  const earlyData = extensionData(
    readExtensions(reader.vector16(), 'NewSessionTicket'),
    EXTENSION_TYPE.earlyData,
  );
  reader.end();
  const maxEarlyDataSize = earlyData && new ByteReader(earlyData, 'early_data').uint32();
  return { lifetimeSeconds, ticket, maxEarlyDataSize };
}

/** Reads the body of a NewSessionTicket of TLS 1.2 and before. */
export function readNewSessionTicket12(body: Uint8Array): NewSessionTicket {
  const reader = new ByteReader(body, 'NewSessionTicket');
  const lifetimeSeconds = reader.uint32();
  const ticket = reader.vector16();
  reader.end();
  return { lifetimeSeconds, ticket, maxEarlyDataSize: null };
}
