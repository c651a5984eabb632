import { Command } from 'commander';
import type { CommandContext, CommonFlags } from '../command-context.js';
import { withCommonOptions, withExamples } from '../options.js';

/** `path [NAME]`: where things lie, for scripts. */
export function pathCommand(context: CommandContext): Command {
  const command = new Command('path')
    .argument('[name]', "a certificate's NAME or serial number")
    .action((name: string | undefined, flags: CommonFlags) =>
      context.run(flags, async ({ output, openCa }) => {
        const ca = await openCa();
        const found = name === undefined ? undefined : await ca.find(name);
        const paths: Record<string, string> =
          found === undefined ? pkiPaths(ca.folder) : { ...ca.filesOf(found[found.length - 1]!) };
        output.answer({ paths }, () =>
          Object.entries(paths)
            .map(([what, path]) => `${`${what}:`.padEnd(11)}${path}\n`)
            .join(''),
        );
      }),
    );
  return withExamples(withCommonOptions(command), [
    ['sslapi path', 'the CA, its chain and its CRLs'],
    ['sslapi path api.test --json', "a server's key and certificate"],
  ]);
}

function pkiPaths(folder: { at(...parts: string[]): string }): Record<string, string> {
  return {
    pki: folder.at(),
    ca: folder.at('ca.crt'),
    caChain: folder.at('ca-chain.crt'),
    crl: folder.at('crl.pem'),
    crlChain: folder.at('crl-chain.pem'),
    issued: folder.at('issued'),
  };
}
