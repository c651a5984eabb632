import { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import type { IssueFlags } from '../issue-leaf.js';
import { keyTypeOption, sanOption, subjectOption, withCommonOptions, withExamples } from '../options.js';
import { newKeyPassphrase } from '../passwords.js';

/** `csr NAME`: a key and a PKCS#10 request, made where the key shall stay. */
export function csrCommand(context: CommandContext): Command {
  const command = new Command('csr')
    .argument('<name>', 'the CN, and the name of the files')
    .addOption(sanOption('names to ask for'))
    .addOption(subjectOption())
    .addOption(keyTypeOption())
    .option('--as <name>', 'name the files after this')
    .option('--out <dir>', 'where NAME.csr and NAME.key go', '.')
    .option('--encrypt-key', 'encrypt the private key')
    .option('--key-password-file <file>', 'read the password for --encrypt-key from this file')
    .option('--force', 'overwrite files that are there')
    .action((commonName: string, flags: IssueFlags & { readonly out: string }) =>
      context.run(flags, async ({ output, terminal }) => {
        const { createRequest } = await import('../../ca/create-request.js');
        const made = await createRequest({
          commonName,
          folder: flags.out,
          ...(flags.as !== undefined && { name: flags.as }),
          ...(flags.san && { subjectAltName: flags.san }),
          ...(flags.subject && { subject: flags.subject }),
          ...(flags.keyType && { keyType: flags.keyType }),
          ...(flags.encryptKey === true && {
            encryptKey: await newKeyPassphrase(flags.keyPasswordFile, terminal),
          }),
          ...(flags.force === true && { force: true }),
        });
        const { subject, subjectAltName, keyType, files } = made;
        output.answer({ request: made }, () => `request:   ${files.request}\nkey file:  ${files.privkey}\n`);
        output.detail(`${subject}, ${keyType}, names: ${subjectAltName.join(', ')}`);
        output.say(
          `next: send ${files.request} to the CA, which runs: sslapi sign-csr ${files.request} --profile server`,
        );
      }),
    );
  return withExamples(withCommonOptions(command), [
    ['sslapi csr api.test --san api.test', 'api.test.key stays here, api.test.csr goes to the CA'],
    ['sslapi csr sensor-7 --key-type ed25519 --out keys', 'into another folder'],
  ]);
}
