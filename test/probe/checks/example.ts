import type { Finding } from '../../../src/probe/check.js';
import { OFFER_CHECKS } from '../../../src/probe/checks/index.js';
import type { Scan } from '../../../src/probe/scan.js';
import { type ScanChange, sampleScan, seen } from '../sample-scan.js';

/** A claim, what is changed of the clean scan, and the status of every check that answers otherwise than for that one. */
export type Example = readonly [claim: string, change: ScanChange, changed: Statuses];

export type Statuses = Readonly<Record<string, Finding['status']>>;

/** What every check says of a scan. */
export function statusesOf(scan: Scan): Statuses {
  return Object.fromEntries(OFFER_CHECKS.map((check) => [check.id, check.run(seen(scan)).status]));
}

/** Where a scan is judged otherwise than the clean one. */
export function changedBy(change: ScanChange): Statuses {
  const clean = statusesOf(sampleScan());
  const statuses = Object.entries(statusesOf(sampleScan(change)));
  return Object.fromEntries(statuses.filter(([id, status]) => status !== clean[id]));
}

/** What one check says of a scan. */
export function findingOf(id: string, scan: Scan): Finding {
  return OFFER_CHECKS.find((check) => check.id === id)!.run(seen(scan));
}
