import type { Reporter } from './reporter.js';

/** The report as it is: one JSON document. */
export const json: Reporter = (probed) => `${JSON.stringify(probed, null, 2)}\n`;
