import { expectReply } from './reply.js';
import type { Starttls } from './starttls-protocol.js';

/** FTP's control connection, RFC 4217 §4. */
export const ftp: Starttls = {
  defaultPort: 21,
  async negotiate(talk) {
    await expectReply(talk, 220);
    talk.send('AUTH TLS\r\n');
    await expectReply(talk, 234);
  },
  farewell: Buffer.from('QUIT\r\n'),
};
