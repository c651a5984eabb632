/** What `--format` may name. */
export const REPORT_FORMATS = ['text', 'json', 'junit', 'sarif', 'markdown', 'html', 'prometheus'] as const;

export type ReportFormat = (typeof REPORT_FORMATS)[number];
