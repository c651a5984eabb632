import { json } from './json.js';
import type { Reporter } from './reporter.js';
import { text } from './text.js';

/** Every reporter under the name that `--format` gives it. */
export const reporters = { text, json } as const satisfies Record<string, Reporter>;

export type ReportFormat = keyof typeof reporters;

export const REPORT_FORMATS = Object.keys(reporters) as readonly ReportFormat[];
