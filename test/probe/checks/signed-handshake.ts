import { type SignKeyObjectInput, sign } from 'node:crypto';
import type { HandshakeOutcome } from '../../../src/tls/exchange.js';
import type { ServerFlight } from '../../../src/tls/server-flight.js';
import type { TlsVersion } from '../../../src/tls/version.js';
import type { Made, TestKey } from '../../path/certificate-maker.js';

/** What a check reads of a handshake that was signed with that key, under that certificate.
 *  @param digest null for no signature at all */
export function signedHandshake(
  version: TlsVersion,
  { der }: Pick<Made, 'der'>,
  { privateKey }: TestKey,
  { scheme = 0x0403, digest = 'sha256' }: { scheme?: number | null; digest?: string | null } = {},
): HandshakeOutcome {
  const content = new Uint8Array(100).fill(7);
  const key: SignKeyObjectInput = { key: privateKey };
  const flight: Partial<ServerFlight> = {
    certificate: { chain: [der], ocspResponse: null, signedCertificateTimestamps: [] },
    signed: digest === null ? null : { scheme, content, signature: sign(digest, content, key) },
  };
  return { kind: 'server-hello', serverHello: { version }, flight } as HandshakeOutcome;
}
