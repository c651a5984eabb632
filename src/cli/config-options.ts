import { Command, Option } from 'commander';
import { SslapiError } from '../errors.js';
import { CONFIG_LEVELS } from '../policy/policies.js';
import { parseListen } from './parse-listen.js';

/** The flags that say what a configuration shall be; they stand in its head, too. */
export function withConfigurationOptions(command: Command): Command {
  return command
    .option('--server <name>', 'the NAME of its certificate (default: the only server there is)')
    .addOption(
      new Option('--listen <address>', 'HOST:PORT, or a port (default: *:443; postgres: *:5432)').argParser(
        parseListen,
      ),
    )
    .option('--upstream <url>', 'where requests go, like http://127.0.0.1:9000; stunnel: tcp://HOST:PORT')
    .addOption(
      new Option('--client-auth <how>', 'whether client certificates are demanded')
        .choices(['require', 'optional', 'off'])
        .default('require'),
    )
    .addOption(
      new Option('--level <level>', "of Mozilla's guideline").choices(CONFIG_LEVELS).default('intermediate'),
    )
    .addOption(
      new Option(
        '--allow <client>',
        'who alone may come in, as CN=alice,O=Acme or URI:spiffe://acme/api; as often as wished',
      ).argParser(collect),
    )
    .option('--standalone', 'a whole configuration that runs as it is');
}

/** Says no to flags that were typed and would mean nothing there. Variables and sslapi.config.json are for many commands.
 *  @throws SslapiError ERR_USAGE */
export function refuseIdleFlags(command: Command, kind: 'server' | 'schedule'): void {
  const idle = kind === 'server' ? SCHEDULE_FLAGS : SERVER_FLAGS;
  const typed = command.options.find(
    (option) =>
      idle.includes(option.long ?? '') && command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (typed === undefined) return;
  throw new SslapiError(
    'ERR_USAGE',
    kind === 'server'
      ? `${typed.long} is for cron, systemd and k8s alone`
      : `${typed.long} is for servers, and cron, systemd and k8s are none`,
    { hint: 'Leave it out: see `sslapi help config`.' },
  );
}

const SCHEDULE_FLAGS: readonly string[] = ['--exec', '--password-file'];
const SERVER_FLAGS: readonly string[] = withConfigurationOptions(new Command()).options.map(
  ({ long }) => long ?? '',
);

/** A subject has commas of its own: one value each. */
function collect(text: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), text];
}
