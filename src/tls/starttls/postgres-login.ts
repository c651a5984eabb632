import type { Login, LoginAnswer } from './starttls-protocol.js';

/** PostgreSQL's protocol 3.0, "Start-up": a client says which user of which database it wants to be. Nothing is asked of the
 *  database, and whether either is there is found out after the certificate has been judged. */
export const postgresLogin: Login = {
  request(user) {
    const parameters = Buffer.from(['user', user, 'database', 'postgres', '', ''].join('\0'));
    const head = Buffer.alloc(8);
    head.writeUInt32BE(head.length + parameters.length, 0);
    head.writeUInt32BE(PROTOCOL_3_0, 4);
    return Buffer.concat([head, parameters]);
  },
  judge(answer) {
    const octets = Buffer.from(answer);
    if (octets.length < HEAD_OCTETS) return null;
    const type = octets.toString('latin1', 0, 1);
    const length = octets.readUInt32BE(1);
    if (length > MAX_MESSAGE || octets.length < 1 + length) return null;
    const body = octets.subarray(HEAD_OCTETS, 1 + length);
    if (type === 'R' && body.length >= 4) return admitted(body.readUInt32BE(0));
    return type === 'E' ? refused(body) : null;
  },
};

/** An Authentication message: Ok, or what is asked for beside the certificate. */
function admitted(kind: number): LoginAnswer {
  return {
    verdict: 'in',
    said: kind === OK ? 'let in' : 'asked for more than a certificate, a password perhaps',
  };
}

/** An ErrorResponse. Class 28 is "Invalid Authorization Specification": everything else has other reasons. */
function refused(body: Buffer): LoginAnswer {
  const fields = new Map<string, string>();
  for (const field of body.toString('utf8').split('\0'))
    if (field !== '') fields.set(field[0]!, field.slice(1));
  const state = fields.get('C') ?? '';
  const said = `${fields.get('M') ?? 'an error'} (${state})`
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .slice(0, MAX_SAID);
  return { verdict: state.startsWith('28') ? 'refused' : 'untold', said };
}

const PROTOCOL_3_0 = 0x0003_0000;
/** A letter, and a length that counts itself. */
const HEAD_OCTETS = 5;
const MAX_MESSAGE = 16_384;
const MAX_SAID = 160;
const OK = 0;
