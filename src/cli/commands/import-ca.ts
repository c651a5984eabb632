import { Command } from 'commander';
import { CertificateAuthority } from '../../ca/certificate-authority.js';
import { actor, type CommandContext } from '../command-context.js';
import { type ImportFlags, importOptions } from '../import-options.js';
import { withCommonOptions, withExamples, withPasswordOptions, withRootKeyOptions } from '../options.js';
import { parseDuration } from '../parse-duration.js';
import { parseUrl } from '../parse-url.js';
import { tellImported } from '../tell-imported.js';

/** `import-ca`: a CA that another tool made, with what it issued and revoked. */
export function importCaCommand(context: CommandContext): Command {
  const command = new Command('import-ca')
    .option('--easyrsa <dir>', 'the folder of easy-rsa 3, or the pki folder in it')
    .option('--openssl <dir>', 'the folder of `openssl ca`: index.txt, crlnumber, newcerts/')
    .option('--cert <file>', "the CA's certificate")
    .option('--key <file>', "the CA's key")
    .option('--chain <file>', 'the certificate of the root above it; its key may stay away', collect)
    .option('--crl <file>', 'its newest CRL, and that of the root: what is revoked stays so', collect)
    .option('--source-password-file <file>', 'read the password of the key that is imported from this file')
    .option('--no-password', 'leave the key of the CA in clear')
    .option('--next-update <duration>', 'how long CRLs are good (default: as the one before)', parseDuration)
    .option('--root-next-update <duration>', "how long the root's CRLs are good", parseDuration)
    .option(
      '--crl-url <url>',
      'where CRLs are published, written into certificates; {ca} is the issuer',
      parseUrl,
    )
    .option('--ocsp-url <url>', 'where OCSP answers', parseUrl)
    .option('--issuer-url <url>', "where the issuer's certificate is published", parseUrl)
    .action((flags: ImportFlags) =>
      context.run(flags, async ({ output, terminal }) => {
        const options = { ...importOptions(flags, terminal), actor: actor() };
        const imported = await output.during('reading the CA', (tell) =>
          CertificateAuthority.import({
            ...options,
            onProgress: (done, total) => tell(`reading certificate ${done} of ${total}`),
          }),
        );
        await imported.ca.close();
        tellImported(output, imported, flags.password === false);
      }),
    );
  return withExamples(withCommonOptions(withRootKeyOptions(withPasswordOptions(command))), [
    ['sslapi import-ca --easyrsa ../easy-rsa --no-password', 'with all that it issued and revoked'],
    ['sslapi import-ca --openssl ../demoCA --source-password-file old.pass', 'the folder of openssl ca'],
    ['sslapi import-ca --cert ca.crt --key ca.key --crl ca.crl', 'a CA of whatever made it'],
  ]);
}

function collect(path: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), ...path.split(',')];
}
