import type { ProbeReport, ProbeReports } from '../probe/probe-report.js';

/** Turns what was probed into text of one format; pure, so that the same report gives the same text. */
export type Reporter = (probed: ProbeReport | ProbeReports) => string;
