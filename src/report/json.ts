import { inOrder } from './in-order.js';
import { jsonText } from './json-text.js';
import type { Reporter } from './reporter.js';

/** The report as it is: one JSON document, which `templates/probe-report.schema.json` describes. */
export const json: Reporter = (probed) => jsonText(inOrder(probed));
