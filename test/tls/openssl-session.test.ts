import { expect, it } from 'vitest';
import { readOpensslSession } from '../../src/tls/openssl-session.js';
import { explicit, integer, octetString, sequence } from '../../src/x509/der.js';

const fixed = [
  integer(1),
  integer(0x0304),
  octetString(Uint8Array.of(0x13, 1)),
  octetString(Uint8Array.of(7, 7)),
];
const masterKey = octetString(new Uint8Array(32));

it('a session says by what it can be resumed and how much early data goes with it', () => {
  const all = sequence(
    ...fixed,
    masterKey,
    explicit(1, integer(1_700_000_000)),
    explicit(9, integer(4_294_967_295)),
    explicit(10, octetString(Uint8Array.of(1, 2, 3))),
    explicit(15, integer(4_294_967_295)),
  );

  expect(readOpensslSession(all)).toEqual({
    sessionId: Uint8Array.of(7, 7),
    ticket: Uint8Array.of(1, 2, 3),
    ticketLifetimeSeconds: 4_294_967_295,
    maxEarlyDataSize: 4_294_967_295,
  });
});

it('what is left out is none', () => {
  expect(readOpensslSession(sequence(...fixed, masterKey))).toMatchObject({
    ticket: null,
    ticketLifetimeSeconds: 0,
    maxEarlyDataSize: 0,
  });
});
