import { readFileSync } from 'node:fs';
import type { TlsVersion } from '../../src/tls/version.js';

/** What another scanner says of a server, in our words. */
export interface RivalView {
  /** Of the scanner. */
  readonly version: string;
  /** Those that are spoken, oldest first. */
  readonly protocols: readonly TlsVersion[];
  /** Code points, `0xc02b`, ascending. */
  readonly cipherSuites: Readonly<Partial<Record<TlsVersion, readonly string[]>>>;
  /** IANA's names in order of the alphabet; null where the scanner does not look for them. */
  readonly groups: Readonly<Partial<Record<TlsVersion | 'any', readonly string[]>>> | null;
  /** The leaves that were shown; null where the scanner was not asked. */
  readonly certificates: readonly RivalCertificate[] | null;
  /** Whatever else was said: heartbleed, compression, renegotiation and the like. */
  readonly findings: Readonly<Record<string, string>>;
}

export interface RivalCertificate {
  /** RFC 4514 */
  readonly subject: string;
  /** As our reports call it. */
  readonly keyType: string;
}

export type Rival = 'sslscan' | 'nmap' | 'testssl';
export const RIVALS: readonly Rival[] = ['sslscan', 'nmap', 'testssl'];

/** What was recorded of one server of the lab. */
export type Fixture = { readonly server: string; readonly recordedAt: string } & {
  readonly [rival in Rival]?: RivalView;
};

export function fixtureFile(server: string): string {
  return new URL(`../fixtures/lab/${server}.json`, import.meta.url).pathname;
}

export function readFixture(server: string): Fixture {
  return JSON.parse(readFileSync(fixtureFile(server), 'utf8'));
}
