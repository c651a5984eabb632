import type { Change, Comparison } from '../probe/baseline.js';
import { fence, wrap } from './plain-text.js';
import type { PaintRole, ReportStyle } from './reporter.js';

/** What is not as it was: what got worse, then what got better, then what is only another. */
export function changeLines(baseline: Comparison | undefined, { width, paint }: ReportStyle = {}): string[] {
  if (baseline === undefined) return [];
  if (baseline.compared === null) return ['  the baseline has no report on this endpoint: all of it is new'];
  return KINDS.flatMap(([kind, role]) =>
    baseline[kind].flatMap((change) => {
      const label = `  ${kind.padEnd(LABEL_WIDTH)}`;
      const [first = '', ...rest] = wrap(fence(changeInWords(change)), `${label}  `, width);
      return [(paint?.(role, label) ?? label) + first.slice(label.length), ...rest];
    }),
  );
}

/** `offers-no-tls-1-0: pass, now fail` */
export function changeInWords({ what, before, after }: Change): string {
  if (before === null) return `${what}: ${after}, new`;
  return after === null ? `${what}: ${before}, now gone` : `${what}: ${before}, now ${after}`;
}

/** `2 worse, 1 better, 0 changed since 2026-06-01T00:00:00.000Z` */
export function changesInWords({ compared, worse, better, changed }: Comparison): string {
  if (compared === null) return 'not in the baseline';
  return `${worse.length} worse, ${better.length} better, ${changed.length} changed since ${compared.startedAt}`;
}

const KINDS = [
  ['worse', 'bad'],
  ['better', 'good'],
  ['changed', 'faint'],
] as const satisfies ReadonlyArray<readonly ['worse' | 'better' | 'changed', PaintRole]>;
const LABEL_WIDTH = 9;
