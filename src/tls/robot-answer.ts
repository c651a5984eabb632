import { alertName } from './alert.js';
import type { ClientHelloOffer } from './client-hello.js';
import type { Limits, Target } from './connect.js';
import { type Ending, endingOf } from './ending.js';
import { talkOver, type Untold, within } from './fault-trial.js';
import { handshakeMessage, HANDSHAKE_TYPE as TYPE } from './handshake.js';
import { openHandshake12 } from './opening-12.js';
import { CONTENT_TYPE } from './record.js';
import type { Incoming } from './record-layer.js';
import { concat, vector16 } from './vector.js';
import type { TlsVersion } from './version.js';

/** What goes out with a ClientKeyExchange. */
export interface MessageFlow {
  /** Whether ChangeCipherSpec and Finished are left out. */
  readonly shortened: boolean;
  /** How long to wait for an answer, in milliseconds. */
  readonly silenceMs: number;
}

/** What came back first. */
export interface KeyExchangeAnswer {
  readonly words: string;
  /** How long it took, in milliseconds. */
  readonly answerMs: number;
}

/** Takes a handshake to a ClientKeyExchange of RSA with this premaster secret, and tells what comes back first. The Finished after it is none that any key would make, so that a handshake never comes about.
 *  @param encrypted gives the encrypted premaster secret for the version that was offered */
export function answerToKeyExchange(
  target: Target,
  offer: ClientHelloOffer,
  encrypted: (version: TlsVersion) => Uint8Array,
  { shortened, silenceMs }: MessageFlow,
  limits: Partial<Limits> = {},
): Promise<KeyExchangeAnswer | Untold> {
  return talkOver(target, limits, async (layer): Promise<KeyExchangeAnswer> => {
    const { serverHello, flight, recordVersion } = await openHandshake12(layer, offer);
    const secret = encrypted(offer.versions[0] ?? serverHello.version);
    const keyExchange = serverHello.version === 'SSLv3' ? secret : vector16(secret);
    const messages = [
      ...(flight.certificateRequest === null ? [] : [handshakeMessage(TYPE.certificate, NO_CERTIFICATES)]),
      handshakeMessage(TYPE.clientKeyExchange, keyExchange),
    ];
    layer.send(CONTENT_TYPE.handshake, concat(...messages), recordVersion);
    if (!shortened) {
      layer.send(CONTENT_TYPE.changeCipherSpec, Uint8Array.of(1), recordVersion);
      layer.send(CONTENT_TYPE.handshake, NO_FINISHED, recordVersion);
    }
    const sentAt = performance.now();
    const came = await within(layer.next().catch(endingOf), silenceMs);
    const answerMs = performance.now() - sentAt;
    return { words: [...layer.warnings.map(alertName), answerInWords(came)].join(' and '), answerMs };
  });
}

function answerInWords(came: Incoming | Ending | null): string {
  if (came === null || came.kind === 'timeout') return 'silence';
  if (came.kind === 'alert') return `the alert ${alertName(came.alert)}`;
  if (came.kind === 'eof') return 'a close';
  if (came.kind === 'reset') return 'a reset';
  return came.kind;
}

const NO_CERTIFICATES = new Uint8Array(3);
/** As long as an encrypted Finished of most suites: whole blocks, and room for an explicit nonce and a MAC. */
const NO_FINISHED = new Uint8Array(64).fill(0xaa);
