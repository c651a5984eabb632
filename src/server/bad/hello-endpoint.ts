import { createServer } from 'node:net';
import { alertName } from '../../tls/alert.js';
import { answerHello, type HelloOutcome } from '../../tls/answer-hello.js';
import { addressOfCaller } from '../caller.js';
import type { Sighting } from './bad-event.js';
import type { HelloServing } from './bad-kind.js';
import type { Endpoint } from './endpoint.js';

/** Serves a faulty kind as far as the hello, by our own engine: what no library speaks any more. */
export function helloEndpoint(serving: HelloServing, tell: (sighting: Sighting) => void): Endpoint {
  let shown = serving;
  const server = createServer({ noDelay: true }, async (socket) => {
    const client = addressOfCaller(socket);
    const { credential, script } = shown;
    const { chain, privateKey } = credential;
    const outcome = await answerHello(socket, { ...script, chain, privateKey }, TIMEOUT_MS);
    tell({ client, outcome: outcome.kind === 'went-along' ? 'accepted' : 'refused', how: inWords(outcome) });
  });
  return {
    server,
    renew: (next) => {
      shown = next as HelloServing;
    },
  };
}

function inWords(outcome: HelloOutcome): string {
  switch (outcome.kind) {
    case 'went-along':
      return 'it went along, and sent its key';
    case 'not-offered':
      return 'it offers nothing of what is spoken here';
    case 'alert':
      return `alert ${alertName(outcome.alert)}`;
    case 'not-tls':
      return `it does not speak TLS${outcome.protocol === null ? '' : ` but ${outcome.protocol}`}`;
    case 'malformed':
      return outcome.why;
    case 'timeout':
      return 'it said no more';
    case 'eof':
    case 'reset':
    case 'complete':
    case 'not-read':
      return 'it closed the connection';
  }
}

const TIMEOUT_MS = 10_000;
