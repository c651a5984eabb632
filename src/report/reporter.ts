import type { ProbeReport, ProbeReports } from '../probe/probe-report.js';

/** Turns what was probed into text of one format; pure, so that the same report gives the same text. */
export type Reporter = (probed: ProbeReport | ProbeReports, style?: ReportStyle) => string;

/** How text is to look where a person reads it; the other formats look always the same. */
export interface ReportStyle {
  /** Colours; none by default. */
  readonly paint?: Paint;
  /** Columns of the terminal; lines are as long as they are where there is none. */
  readonly width?: number | undefined;
  /** Whether what is as it should be is shown one by one, and suites by name. */
  readonly verbose?: boolean;
  /** Whether every row of a proof is shown, and not only those that are not as they should be. */
  readonly wholeProof?: boolean;
}

/** Gives a piece of text the colour of its role. */
export type Paint = (role: PaintRole, text: string) => string;

export type PaintRole = 'good' | 'bad' | 'warning' | 'strong' | 'faint' | 'hint';

/** The reports of a run, a single one too. */
export function reportsOf(probed: ProbeReport | ProbeReports): readonly ProbeReport[] {
  return 'reports' in probed ? probed.reports : [probed];
}
