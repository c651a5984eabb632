import { TalkFailed } from './plain-talk.js';
import { postgresLogin } from './postgres-login.js';
import type { Starttls } from './starttls-protocol.js';

/** PostgreSQL's protocol 3, "SSL Session Encryption": SSLRequest is answered with one octet. */
export const postgres: Starttls = {
  defaultPort: 5432,
  async negotiate(talk) {
    talk.send(request(SSL_REQUEST));
    const answer = (await talk.bytes(1)).toString('latin1');
    if (answer === 'S') return;
    if (answer === 'N') throw new TalkFailed('refused', 'N: it is configured without TLS');
    const rest = talk.peek().toString('latin1');
    throw new TalkFailed(answer === 'E' ? 'refused' : 'garbled', answer + rest);
  },
  /** CancelRequest for a session that there is not: the server closes without a word. */
  farewell: Buffer.concat([request(0x04d2162e, 16), Buffer.alloc(8)]),
  login: postgresLogin,
};

/** Length, itself included, and a code in place of the protocol's version. */
function request(code: number, length = 8): Buffer {
  const octets = Buffer.alloc(8);
  octets.writeUInt32BE(length, 0);
  octets.writeUInt32BE(code, 4);
  return octets;
}

/** 80877103: 1234 and 5679 */
const SSL_REQUEST = 0x04d2162f;
