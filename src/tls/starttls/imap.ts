import { TalkFailed } from './plain-talk.js';
import type { Starttls } from './starttls-protocol.js';

/** IMAP, RFC 3501 §6.2.1. */
export const imap: Starttls = {
  defaultPort: 143,
  async negotiate(talk) {
    const greeting = await talk.line();
    if (/^\* (PREAUTH|BYE)\b/i.test(greeting)) throw new TalkFailed('refused', greeting);
    if (!/^\* OK\b/i.test(greeting)) throw new TalkFailed('garbled', greeting);
    talk.send(`${TAG} STARTTLS\r\n`);
    let line: string;
    do line = await talk.line();
    while (line.startsWith('* '));
    if (/^s1 OK\b/i.test(line)) return;
    throw new TalkFailed(line.startsWith(`${TAG} `) ? 'refused' : 'garbled', line);
  },
  farewell: Buffer.from('s2 LOGOUT\r\n'),
};

const TAG = 's1';
