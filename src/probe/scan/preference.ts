import { type CipherSuite, cipherSuite } from '../../tls/cipher-suite.js';

/** Where a suite stands in the order that OpenSSL sorts its own list into: the best guess at a server's order, for most have
 *  never been told another. Smaller stands further up. */
export function preferenceOf(id: number): number {
  const suite = cipherSuite(id);
  if (suite === null) return Number.POSITIVE_INFINITY;
  const places = [
    suite.strengthBits === 0 ? 1 : 0,
    suite.forwardSecret && !suite.keyExchange.includes('PSK') && suite.keyExchange !== 'SRP' ? 0 : 1,
    suite.aead ? 0 : /^SHA(256|384)$/.test(suite.mac ?? '') ? 1 : 2,
    (256 - suite.strengthBits) >> 4,
    suite.anonymous ? 1 : 0,
    placeAmong(CIPHERS, suite.encryption),
    placeAmong(KEY_EXCHANGES, keyExchangeName(suite)),
    /CCM$/.test(suite.encryption) || suite.mac === 'MD5' ? 1 : 0, // behind CCM_8, and behind SHA
  ];
  return places.reduce((sum, place) => sum * STEP + place, 0);
}

/** ChaCha20 may jump the queue for a client that puts it first, OpenSSL's SSL_OP_PRIORITIZE_CHACHA. */
export function mayJumpQueue(id: number): boolean {
  return cipherSuite(id)?.encryption.startsWith('CHACHA20') === true;
}

function placeAmong(list: readonly RegExp[], text: string): number {
  const place = list.findIndex((pattern) => pattern.test(text));
  return place === -1 ? list.length : place;
}

function keyExchangeName({ keyExchange, authentication }: CipherSuite): string {
  return `${keyExchange}-${authentication}`;
}

const STEP = 17;
const CIPHERS = [/^AES_\d+_(GCM|CBC)/, /^CHACHA20/, /CCM/, /^ARIA/, /^CAMELLIA/];
const KEY_EXCHANGES = [/^ECDHE-ECDSA/, /^ECDHE-RSA/, /^ECDHE-/, /^DHE-/, /^SRP/, /^RSA_PSK/, /^DHE_PSK/];
