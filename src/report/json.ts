import { inOrder } from './in-order.js';
import type { Reporter } from './reporter.js';

/** The report as it is: one JSON document, described by probe-report.schema.json. */
export const json: Reporter = (probed) => `${JSON.stringify(inOrder(probed), null, 2)}\n`;
