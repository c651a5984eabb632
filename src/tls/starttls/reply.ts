import { type PlainTalk, TalkFailed } from './plain-talk.js';

/** A reply of SMTP or FTP: three digits, and all its lines. */
export interface Reply {
  readonly code: number;
  readonly lines: readonly string[];
}

/** Reads one reply, of one line or several: RFC 5321 §4.2.1 and RFC 959 §4.2, which lets FTP leave the digits out between
 *  the first line and the last. */
export async function readReply(talk: PlainTalk): Promise<Reply> {
  const first = await talk.line();
  const [, digits, mark] = /^([2-5]\d\d)([ -]|$)/.exec(first) ?? [];
  if (digits === undefined) throw new TalkFailed('garbled', first);
  const lines = [first];
  if (mark !== '-') return { code: Number(digits), lines };
  const last = new RegExp(`^${digits}( |$)`);
  do lines.push(await talk.line());
  while (!last.test(lines.at(-1)!));
  return { code: Number(digits), lines };
}

/** Reads one reply, which has to have this code; another one is a no. */
export async function expectReply(talk: PlainTalk, code: number): Promise<Reply> {
  const reply = await readReply(talk);
  if (reply.code === code) return reply;
  throw new TalkFailed('refused', reply.lines.join(' / '));
}
