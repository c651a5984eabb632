import { Command } from 'commander';
import { EXIT, SslapiError } from '../../errors.js';
import type { VerifyRequest } from '../../path/verify-certificate.js';
import { readReference } from '../certificate-reference.js';
import type { CommandContext, CommandRun, CommonFlags } from '../command-context.js';
import { withCommonOptions, withExamples } from '../options.js';
import { MAX_INPUT_OCTETS } from '../read-input.js';
import { type VerifyFlags, withVerifyOptions } from '../verify-flags.js';

/** `verify`: the verdict on one certificate, or on a stream of them. */
export function verifyCommand(context: CommandContext): Command {
  const command = withVerifyOptions(withCommonOptions(new Command('verify')))
    .argument('[certificate]', 'FILE, - (standard input), NAME or SERIAL')
    .option('--batch', 'JSON lines on stdin, a verdict a line on stdout');
  return withExamples(command, EXAMPLES).action((certificate: string | undefined, flags: Flags) =>
    context.run(flags, (run) =>
      flags.batch ? verifyBatch(certificate, context) : verifyOne(certificate, flags, run),
    ),
  );
}

type Flags = CommonFlags & VerifyFlags & { readonly batch?: boolean };

async function verifyOne(reference: string | undefined, flags: Flags, { output, openCa, exit }: CommandRun) {
  if (reference === undefined)
    throw new SslapiError('ERR_USAGE', 'which certificate?', { hint: 'Give a FILE, -, NAME or SERIAL.' });
  const { verifyQuestion } = await import('../verify-question.js');
  const { verifyCertificate } = await import('../../path/verify-certificate.js');
  const { verdictDocument, verdictText } = await import('../verdict-text.js');
  const request = verifyQuestion(await readReference(reference, openCa, MAX_INPUT_OCTETS), flags, new Date());
  const result = verifyCertificate(request);
  if (result.ok && isRevocationUnknown(request)) output.warn(NOT_LOOKED_UP);
  output.answer(verdictDocument(result), () => verdictText(result, request, output.paint));
  exit(result.ok ? EXIT.yes : EXIT.no);
}

function isRevocationUnknown({ crls = [], ocsp = [] }: VerifyRequest): boolean {
  return crls.length === 0 && ocsp.length === 0;
}

async function verifyBatch(reference: string | undefined, { terminal }: CommandContext) {
  if (reference !== undefined)
    throw new SslapiError('ERR_USAGE', '--batch reads standard input and takes no certificate');
  const { answerLines } = await import('../answer-lines.js');
  const { batchAnswerer } = await import('../../path/verify-line.js');
  await answerLines(
    terminal.stdin,
    terminal.stdout,
    batchAnswerer(() => new Date()),
  );
}

const NOT_LOOKED_UP =
  'nobody looked whether it is revoked: give the CRLs of its CAs with --crl FILE, or an OCSP response with --ocsp FILE';

const EXAMPLES = [
  ['sslapi verify api.test --purpose server --hostname api.test', 'a certificate of the local CA'],
  ['sslapi verify server.pem --trusted root.pem --untrusted chain.pem', 'of any other'],
  ['sslapi verify --batch < questions.jsonl > verdicts.jsonl', 'thousands in one process'],
] as const;
