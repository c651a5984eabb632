import type { CertificateRecord } from '../store/store.js';
import type { AuthorityContext } from './authority-context.js';
import { certificateStatus, filesOf } from './certificate-view.js';
import { leafFiles } from './leaf-files.js';
import { readOrNull } from './pki-file.js';

type Where = Pick<AuthorityContext, 'folder' | 'issuing' | 'root' | 'now'>;

/** The records as they would be had nothing been cut short: a renewal whose files are whole in their place was delivered, even where
 *  the machine ended, or its disk was full, before the store could be told. */
export function completed(context: Where, records: readonly CertificateRecord[]): CertificateRecord[] {
  const now = context.now();
  return records.map((one) => (isInPlace(context, one, now) ? { ...one, delivered: true } : one));
}

/** Whether a renewal lies where it belongs without the store knowing it. What is no renewal is made anew by whoever runs the command
 *  again. */
function isInPlace(context: Where, record: CertificateRecord, now: Date): boolean {
  const { delivered, line, serialNumber } = record;
  if (delivered || line === serialNumber || certificateStatus(record, now) !== 'valid') return false;
  const { fullchain } = filesOf(context.folder, record);
  const content = readOrNull(context, fullchain);
  return content !== null && Buffer.from(content).toString('latin1') === leafFiles(context, record).fullchain;
}
