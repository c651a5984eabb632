import { TalkFailed } from './plain-talk.js';
import { expectReply, readReply } from './reply.js';
import type { Starttls } from './starttls-protocol.js';

/** SMTP, RFC 3207. */
export const smtp: Starttls = {
  defaultPort: 25,
  async negotiate(talk) {
    await expectReply(talk, 220);
    talk.send(`EHLO ${CLIENT_NAME}\r\n`);
    const { code, lines } = await readReply(talk);
    if (code !== 250) throw new TalkFailed('refused', lines.join(' / '));
    if (!lines.some((line) => /^250[ -]STARTTLS\s*$/i.test(line)))
      throw new TalkFailed('refused', `no STARTTLS among: ${lines.join(' / ')}`);
    talk.send('STARTTLS\r\n');
    await expectReply(talk, 220);
  },
  farewell: Buffer.from('QUIT\r\n'),
};

/** RFC 5321 §4.1.3: who has no name of its own gives its address; ours is nobody's business. */
const CLIENT_NAME = '[127.0.0.1]';
