import { Command, Option } from 'commander';
import { DEFAULT_SERVER } from '../../loop/served-certificate.js';
import { DEFAULT_RATE_LIMIT } from '../../server/server-settings.js';
import type { CommandContext } from '../command-context.js';
import { withCommonOptions, withExamples, withPasswordOptions, withRootKeyOptions } from '../options.js';
import { type HostAndPort, parseListen } from '../parse-listen.js';
import { parseRateLimit } from '../parse-rate-limit.js';
import type { ServeFlags } from '../serve-answers.js';

/** `serve`: the demo API, until it is interrupted. */
export function serveCommand(context: CommandContext): Command {
  const command = new Command('serve')
    .addOption(
      new Option('--listen <address>', 'HOST:PORT, or a port of this machine alone')
        .argParser(parseServeListen)
        .default({ host: '127.0.0.1', port: 8443 }, '127.0.0.1:8443'),
    )
    .option(
      '--server <name>',
      'the NAME of its certificate; that of localhost is issued where there is none',
      DEFAULT_SERVER,
    )
    .addOption(
      new Option('--client-auth <how>', 'whether client certificates are demanded')
        .choices(['require', 'optional', 'off'])
        .default('require'),
    )
    .option('--access <file>', 'who may do what, as JSON; followed while it changes')
    .addOption(
      new Option('--rate-limit <n>', 'requests of each identity: N/1m, N/1s or off')
        .argParser(parseRateLimit)
        .default(DEFAULT_RATE_LIMIT, '600/1m'),
    )
    .addOption(
      new Option(
        '--public-listen <address>',
        'where everybody gets CRLs and CA certificates, over plain HTTP',
      ).argParser(parseServeListen),
    )
    .addOption(
      new Option('--bad <kind>', 'a faulty server to try clients with: a KIND, all or list').conflicts([
        'clientAuth',
        'rateLimit',
        'access',
        'publicListen',
      ]),
    )
    .action((flags: ServeFlags) =>
      context.run(flags, async (run) => {
        if (flags.bad !== undefined)
          return (await import('../bad-answers.js')).serveBad(run, { ...flags, bad: flags.bad });
        return (await import('../serve-answers.js')).serve(run, flags);
      }),
    );
  return withExamples(withCommonOptions(withPasswordOptions(withRootKeyOptions(command))), [
    ['sslapi serve', 'on https://localhost:8443, client certificates required'],
    ['sslapi serve --listen 0.0.0.0:9443 --server api.test', 'for other machines, as api.test'],
    ['sslapi serve --access access.json --rate-limit 10/1s', 'who may do what, and how often'],
    ['sslapi serve --client-auth optional --json', 'who has none is anonymous; a log in JSON lines'],
    ['sslapi serve --public-listen 8080', 'CRLs and CA certificates for everybody on a second port'],
    ['sslapi serve --bad list', 'the faulty servers that there are to try clients with'],
    ['sslapi serve --bad expired', 'one whose certificate has expired: a good client refuses it'],
    ['sslapi serve --bad all --listen 9000', 'all of them, on ports from 9000 on'],
  ]);
}

/** A port alone is on this machine only: other machines are let near by an address that says so. */
function parseServeListen(text: string): HostAndPort {
  const { host, port } = parseListen(text);
  return /^\d+$/.test(text.trim()) ? { host: '127.0.0.1', port } : { host, port };
}
