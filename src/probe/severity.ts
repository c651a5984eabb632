import type { Severity } from '../credentials/credential.js';

export type { Severity } from '../credentials/credential.js';

/** From nothing to everything that an attacker can gain. */
export const SEVERITIES: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];

export function isAtLeast(severity: Severity, least: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least);
}
