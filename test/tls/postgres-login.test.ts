import { describe, expect, it } from 'vitest';
import { postgresLogin } from '../../src/tls/starttls/postgres-login.js';
import { loginAnswer } from '../../src/tls/starttls/protocols.js';

const message = (type: string, body: Uint8Array | string): Buffer => {
  const content = Buffer.from(body as string);
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeUInt32BE(4 + content.length, 1);
  return Buffer.concat([head, content]);
};
const error = (state: string, text: string): Buffer =>
  message('E', ['SFATAL', 'VFATAL', `C${state}`, `M${text}`, '', ''].join('\0'));
const OK = message('R', Buffer.from([0, 0, 0, 0]));

describe('a login of PostgreSQL', () => {
  it('says which user of which database it is', () => {
    const said = Buffer.from(postgresLogin.request('müller'));

    expect([said.readUInt32BE(0), said.readUInt32BE(4)]).toEqual([said.length, 0x30000]);
    expect(said.toString('utf8', 8).split('\0')).toEqual(['user', 'müller', 'database', 'postgres', '', '']);
  });

  it.each([
    ['is let in', OK, 'in', 'let in'],
    [
      'is let in, and then there is no such user',
      Buffer.concat([OK, error('28000', 'role')]),
      'in',
      'let in',
    ],
    ['is asked for a password', message('R', Buffer.from([0, 0, 0, 10])), 'in', /a password/],
    ['has no certificate', error('28000', 'needs one'), 'refused', 'needs one (28000)'],
    ['has the wrong password', error('28P01', 'no'), 'refused', 'no (28P01)'],
    ['comes while the server starts', error('57P03', 'starting'), 'untold', 'starting (57P03)'],
    ['is one of too many', error('53300', 'sorry'), 'untold', 'sorry (53300)'],
    ['is told so in other letters', error('28000', 'für\n\x1b[1m'), 'refused', 'f r [1m (28000)'],
    ['is told nothing', message('E', ''), 'untold', 'an error ()'],
  ])('%s', (_what, answer, verdict, said) =>
    expect(postgresLogin.judge(answer)).toEqual({
      verdict,
      said: typeof said === 'string' ? said : expect.stringMatching(said),
    }),
  );

  it('is not judged before the whole answer is there, nor by what is none', () => {
    for (let length = 0; length < OK.length; length += 1)
      expect(postgresLogin.judge(OK.subarray(0, length))).toBeNull();
    const others = ['HTTP/1.1 400 Bad Request\r\n\r\n', 'R\0\0\0\x04', 'N\0\0\0\x04', 'E\xff\xff\xff\xff'];
    for (const other of others) expect(postgresLogin.judge(Buffer.from(other, 'latin1'))).toBeNull();
  });

  it('is one of PostgreSQL alone', () => {
    expect(loginAnswer({ starttls: 'postgres' }, [OK.subarray(0, 3), OK.subarray(3)])?.verdict).toBe('in');
    expect(loginAnswer({ starttls: 'smtp' }, [OK])).toBeNull();
    expect(loginAnswer({}, [OK])).toBeNull();
  });
});
