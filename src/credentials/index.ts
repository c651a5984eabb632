import type { Credential } from './credential.js';
import { ekuServerOnly } from './eku-server-only.js';
import { expired } from './expired.js';
import { good } from './good.js';
import { none } from './none.js';
import { revoked } from './revoked.js';
import { rogueCa } from './rogue-ca.js';
import { selfSigned } from './self-signed.js';

/** Every credential that a proof shows, in the order of the report. */
export const CREDENTIALS: readonly Credential[] = [
  good,
  none,
  selfSigned,
  rogueCa,
  expired,
  ekuServerOnly,
  revoked,
];
