import type { BadKind } from './bad-kind.js';

/** What one client made of a faulty server. */
export interface BadEvent {
  readonly kind: 'client';
  readonly at: Date;
  /** Id of the kind. */
  readonly bad: string;
  /** `address:port`; null where Node does not tell it any more. */
  readonly client: string | null;
  /** `accepted`: it sent its request, or its key where the server goes no further than the hello. */
  readonly outcome: 'accepted' | 'refused';
  /** Whether a good client does that; null where it may do either. */
  readonly asExpected: boolean | null;
  /** By what it was told, in words. */
  readonly how: string;
}

/** What an endpoint sees of a client. */
export type Sighting = Pick<BadEvent, 'client' | 'outcome' | 'how'>;

/** A sighting at the server of that kind. */
export function badEvent({ id, expected }: BadKind, at: Date, sighting: Sighting): BadEvent {
  const wanted = expected === 'accept' ? 'accepted' : 'refused';
  const asExpected = expected === 'either' ? null : sighting.outcome === wanted;
  return { kind: 'client', at, bad: id, ...sighting, asExpected };
}

/** One line for people. */
export function badEventLine({ bad, client, outcome, asExpected, how }: BadEvent): string {
  const verdict = asExpected === null ? '' : asExpected ? 'right: ' : 'WRONG: ';
  return `${verdict}${client ?? 'a client'} ${outcome} ${bad}: ${how}`;
}

/** The same as an object of one JSON line. */
export function badEventJson(event: BadEvent): Readonly<Record<string, unknown>> {
  return { schemaVersion: 1, ...event, at: event.at.toISOString() };
}
