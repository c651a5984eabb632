import { type PlainTalk, TalkFailed } from './plain-talk.js';
import type { Starttls } from './starttls-protocol.js';

/** POP3, RFC 2595 §4. */
export const pop3: Starttls = {
  defaultPort: 110,
  async negotiate(talk) {
    await expectOk(talk);
    talk.send('STLS\r\n');
    await expectOk(talk);
  },
  farewell: Buffer.from('QUIT\r\n'),
};

/** RFC 1939 §3: a reply begins with +OK or -ERR. */
async function expectOk(talk: PlainTalk): Promise<void> {
  const line = await talk.line();
  if (/^\+OK\b/.test(line)) return;
  throw new TalkFailed(/^-ERR\b/.test(line) ? 'refused' : 'garbled', line);
}
