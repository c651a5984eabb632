import type { ListenAddress } from '../listen.js';
import { type BadEvent, badEvent, type Sighting } from './bad-event.js';
import type { BadKind, Serving } from './bad-kind.js';
import type { Endpoint } from './endpoint.js';
import { helloEndpoint } from './hello-endpoint.js';
import { httpEndpoint } from './http-endpoint.js';
import { type BadAuthority, makeServings } from './make-servings.js';
import { OpenServers } from './open-servers.js';

export interface BadServersWish {
  readonly ca: BadAuthority;
  readonly kinds: readonly BadKind[];
  /** Of the first kind; the others follow on the ports after it. Port 0 takes a free one for each. */
  readonly listen: ListenAddress;
  /** What clients call the servers by: a DNS name or an address; `localhost` stands for the loopback addresses too. */
  readonly host: string;
  readonly onEvent?: (event: BadEvent) => void;
  /** Told where certificates could not be made anew: those that are there are shown on. */
  readonly onRenewalFailed?: (error: unknown) => void;
  /** After how many milliseconds all certificates are made anew; half a day by default. */
  readonly renewAfterMs?: number;
  readonly now?: () => Date;
}

export interface BadServers {
  readonly serving: ReadonlyArray<{ readonly kind: BadKind; readonly address: ListenAddress }>;
  /** What cannot be made with this CA, and why, in words. Its port stays free. */
  readonly leftOut: ReadonlyArray<{ readonly kind: BadKind; readonly why: string }>;
  /** Ends all of them, open connections too. */
  close(): Promise<void>;
}

/** Starts a faulty server of each kind, or none of them at all.
 *  @throws SslapiError ERR_LISTEN, and what making their certificates throws */
export async function startBadServers(wish: BadServersWish): Promise<BadServers> {
  const { ca, kinds, listen, host, now = () => new Date() } = wish;
  const { servings, reasons } = await makeServings(ca, kinds, host, now());
  const open = new OpenServers();
  const endpoints = new Map([...servings].map(([kind, made]) => [kind, endpointOf(kind, made, wish)]));
  const serving: { kind: BadKind; address: ListenAddress }[] = [];
  try {
    for (const [kind, { server }] of endpoints) {
      const port = listen.port === 0 ? 0 : listen.port + kinds.indexOf(kind);
      serving.push({ kind, address: await open.listen(server, { host: listen.host, port }) });
    }
  } catch (error) {
    await open.close();
    throw error;
  }
  const renewal = setInterval(() => void renew(endpoints, wish, now()), wish.renewAfterMs ?? HALF_A_DAY_MS);
  return {
    serving,
    leftOut: [...reasons].map(([kind, why]) => ({ kind, why })),
    close: () => {
      clearInterval(renewal);
      return open.close();
    },
  };
}

function endpointOf(kind: BadKind, serving: Serving, { onEvent, now }: BadServersWish): Endpoint {
  const tell = (sighting: Sighting): void => onEvent?.(badEvent(kind, now?.() ?? new Date(), sighting));
  switch (serving.answers) {
    case 'http':
      return httpEndpoint(kind, serving, tell);
    case 'hello':
      return helloEndpoint(serving, tell);
  }
}

/** Whoever lets them run for days shall not be shown one that has expired, but for the kind that is. */
async function renew(
  endpoints: ReadonlyMap<BadKind, Endpoint>,
  { ca, host, onRenewalFailed }: BadServersWish,
  now: Date,
): Promise<void> {
  try {
    const { servings } = await makeServings(ca, [...endpoints.keys()], host, now);
    for (const [kind, made] of servings) endpoints.get(kind)?.renew(made);
  } catch (error) {
    onRenewalFailed?.(error);
  }
}

const HALF_A_DAY_MS = 12 * 60 * 60 * 1000;
