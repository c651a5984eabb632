import { Command, Option } from 'commander';
import { CertificateAuthority } from '../../ca/certificate-authority.js';
import { parseName } from '../../x509/name.js';
import { actor, type CommandContext } from '../command-context.js';
import { createOptions, type InitFlags, nameConstraintOptions } from '../init-options.js';
import { keyTypeOption, withCommonOptions, withExamples, withPasswordOptions } from '../options.js';
import { parseDays, parseDuration } from '../parse-duration.js';
import { parseUrl } from '../parse-url.js';
import { tellCreated } from '../tell-created.js';

/** `init-ca`: a root, an issuing CA below it, and their first CRLs. */
export function initCaCommand(context: CommandContext): Command {
  const command = new Command('init-ca')
    .option('--name <name>', 'begins the names of the CAs (default: the folder that you are in)')
    .addOption(
      new Option('--subject <dn>', "the root's subject, or what both CAs' subjects have in common").argParser(
        parseName,
      ),
    )
    .addOption(keyTypeOption())
    .option('--days <n>', 'how many days the root is valid (default: 3650)', parseDays)
    .option('--issuing-days <n>', 'how many days the issuing CA is valid (default: 1825)', parseDays)
    .option('--no-intermediate', 'one CA alone, that signs servers and clients itself')
    .option('--no-password', 'leave the keys of the CA in clear')
    .option('--root-out <dir>', "put the root's key there, off this machine's daily life")
    .option('--root-password-file <file>', "read the password of the root's key from this file")
    .option(
      '--next-update <duration>',
      "how long the issuing CA's CRLs are good (default: 30d)",
      parseDuration,
    )
    .option('--root-next-update <duration>', "how long the root's CRLs are good (default: 1y)", parseDuration)
    .option(
      '--crl-url <url>',
      'where CRLs are published, written into certificates; {ca} is the issuer',
      parseUrl,
    )
    .option('--ocsp-url <url>', 'where OCSP answers', parseUrl)
    .option('--issuer-url <url>', "where the issuer's certificate is published", parseUrl);
  for (const option of nameConstraintOptions()) command.addOption(option);
  command.action((flags: InitFlags) =>
    context.run(flags, async ({ output, terminal }) => {
      const options = { ...(await createOptions(flags, terminal)), actor: actor() };
      const { ca, notices } = await output.during('making the keys of the CA', () =>
        CertificateAuthority.create(options),
      );
      await ca.close();
      for (const notice of notices) output.warn(notice);
      tellCreated(output, ca);
      if (options.passphrase === null)
        output.warn('the keys of the CA are not encrypted: guard private/ well');
      output.say('next: sslapi issue-server api.test, sslapi issue-client alice');
    }),
  );
  return withExamples(withCommonOptions(withPasswordOptions(command)), [
    ['sslapi init-ca', 'asks for a password, makes ./pki'],
    ['sslapi init-ca --name Acme --password-file ca.pass', 'in a script'],
    ['sslapi init-ca --root-out ../usb-stick --permit-dns .acme.test', 'root key away, names limited'],
  ]);
}
