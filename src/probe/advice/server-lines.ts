/** What may have to be put right on a server, whatever its kind. */
export const TOPICS = [
  'require',
  'verify',
  'ca',
  'crl',
  'every-crl',
  'reload',
  'dates',
  'purpose',
  'strength',
  'length',
  'headers',
  'identity',
  'plain-http',
  'names',
  'sessions',
  'connections',
] as const;
export type Topic = (typeof TOPICS)[number];

/** A kind of server, and the very line for each topic; left out where it has none. */
export interface ServerLines {
  readonly name: string;
  readonly lines: Readonly<Partial<Record<Topic, string>>>;
}
