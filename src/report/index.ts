import type { ReportFormat } from './formats.js';
import { html } from './html.js';
import { json } from './json.js';
import { junit } from './junit.js';
import { markdown } from './markdown.js';
import { prometheus } from './prometheus.js';
import type { Reporter } from './reporter.js';
import { sarif } from './sarif.js';
import { text } from './text.js';

/** Every reporter under the name that `--format` gives it. */
export const reporters = {
  text,
  json,
  junit,
  sarif,
  markdown,
  html,
  prometheus,
} as const satisfies Record<ReportFormat, Reporter>;
