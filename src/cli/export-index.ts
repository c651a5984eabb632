import { basename, dirname } from 'node:path';
import { SslapiError } from '../errors.js';
import { refuseFilesInTheWay, writeFilesWhole } from '../store/write-files.js';
import type { CommandRun } from './command-context.js';
import type { ExportFlags } from './export-output.js';

/** `export --index-txt FILE`: what the issuing CA gave out, with FILE.attr beside it, which OpenSSL looks for.
 *  @throws SslapiError ERR_USAGE, ERR_FILE_EXISTS */
export async function tellIndexTxt(
  name: string | undefined,
  file: string,
  { force }: Pick<ExportFlags, 'force'>,
  { output, openCa }: Pick<CommandRun, 'output' | 'openCa'>,
): Promise<void> {
  if (name !== undefined)
    throw new SslapiError('ERR_USAGE', `--index-txt tells of all certificates, not of "${name}" alone`, {
      hint: `Leave out "${name}", or --index-txt.`,
    });
  if (file === '' || file === '-')
    throw new SslapiError('ERR_USAGE', '--index-txt needs a file: a second one, FILE.attr, lies beside it', {
      hint: 'Give --index-txt index.txt.',
    });
  const paths = [basename(file), `${basename(file)}.attr`];
  if (force !== true)
    refuseFilesInTheWay(
      dirname(file),
      paths.map((path) => ({ path })),
    );
  const ca = await openCa();
  const { content, attributes, certificates, crlNumber, withoutReason } = await ca.exportIndexTxt();
  const contents = [content, attributes];
  writeFilesWhole(
    dirname(file),
    paths.map((path, at) => ({ path, content: contents[at]!, mode: 0o644 })),
    force === true ? 'replace' : 'new',
  );
  if (withoutReason.length > 0)
    output.warn(
      `OpenSSL's index has no word for the reason or the invalidity date of ${withoutReason.slice(0, 3).join(', ')}${withoutReason.length > 3 ? ' and others' : ''}: there they are revoked without it`,
    );
  const answer = { index: { file, attributes: `${file}.attr`, certificates, crlNumber } };
  output.answer(answer, () => `${file}\n`);
  output.say(
    `${certificates} certificates; ${ca.folder.at('ca-chain.crt')} has the CA, and the next CRL would be number ${crlNumber}`,
  );
}
