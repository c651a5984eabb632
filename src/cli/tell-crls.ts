import type { CertificateAuthority } from '../ca/certificate-authority.js';
import type { CrlOutcome } from '../ca/generate-crl.js';
import { EXIT } from '../errors.js';
import { isoSeconds } from '../x509/whole-seconds.js';
import type { CommandRun } from './command-context.js';

/** A CRL that was written, as JSON prints it. */
export interface CrlView {
  readonly ca: string;
  readonly number: string;
  readonly thisUpdate: string;
  readonly nextUpdate: string;
}

/** Tells which CRLs were written, and warns of those that could not be for want of a key; a due one ends in exit code 3. */
export function tellCrls(
  { output, exit }: Pick<CommandRun, 'output' | 'exit'>,
  outcome: CrlOutcome | null,
): CrlView[] {
  for (const { authority, nextUpdate, due } of outcome?.withoutKey ?? []) {
    const until = nextUpdate === null ? 'it has none' : `the old one is good until ${isoSeconds(nextUpdate)}`;
    output.warn(
      `the CRL of the ${authority.role} CA was not made: its key is away (${until}); bring it with --root-key FILE`,
    );
    if (due) exit(EXIT.couldNot);
  }
  const views = (outcome?.written ?? []).map(({ authority, number, thisUpdate, nextUpdate }) => ({
    ca: authority.role,
    number: String(number),
    thisUpdate: isoSeconds(thisUpdate),
    nextUpdate: isoSeconds(nextUpdate),
  }));
  for (const { ca, number, nextUpdate } of views)
    output.say(`CRL ${number} of the ${ca} CA written, good until ${nextUpdate}`);
  return views;
}

/** Tells which CRLs are due; exit 1 where one is. */
export function tellDue(
  { output, exit }: Pick<CommandRun, 'output' | 'exit'>,
  crls: readonly CrlDue[],
): void {
  const due = crls.map(({ authority, nextUpdate }) => ({
    ca: authority.role,
    nextUpdate: nextUpdate && isoSeconds(nextUpdate),
  }));
  const lines = due.map(
    (one) => `the CRL of the ${one.ca} CA is due: it ends ${one.nextUpdate ?? 'before it began'}\n`,
  );
  output.answer({ due }, () => (due.length === 0 ? 'no CRL is due\n' : lines.join('')));
  if (due.length > 0) exit(EXIT.no);
}

type CrlDue = Awaited<ReturnType<CertificateAuthority['crlsDue']>>[number];
