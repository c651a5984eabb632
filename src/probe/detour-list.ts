import type { Detour } from './detour.js';
import { openConnectionAfterRevocation } from './detours/open-connection-after-revocation.js';
import { otherServername } from './detours/other-servername.js';
import { plainHttpDetour } from './detours/plain-http.js';
import { resumedAfterRevocation } from './detours/resumed-after-revocation.js';
import { resumedStranger } from './detours/resumed-stranger.js';
import { resumedWithoutCertificate } from './detours/resumed-without-certificate.js';
import { spoofedHeader } from './detours/spoofed-header.js';
import { wrongIdentity } from './detours/wrong-identity.js';

/** Every way around the handshake that a proof tries, in the order of the report. */
export const DETOURS: readonly Detour[] = [
  spoofedHeader,
  wrongIdentity,
  plainHttpDetour,
  otherServername,
  resumedStranger,
  resumedWithoutCertificate,
  resumedAfterRevocation,
  openConnectionAfterRevocation,
];
