import type { CompletedCommand, CompletedValue } from './completed-values.js';

/** The completion for fish 3. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ name, summary, flags, operand }) => [
    `complete -c sslapi -n __sslapi_needs_command -a ${name} -d ${quoted(summary)}`,
    ...flags.map(({ long, short, description, takes }) => {
      const names = `${short === null ? '' : `-s ${short.slice(1)} `}-l ${long.slice(2)}`;
      return `complete -c sslapi -n '__sslapi_command ${name}' ${names}${takes === null ? '' : value(takes)} -d ${quoted(description)}`;
    }),
    ...operandLines(name, operand),
  ]);
  return `# Completion of sslapi for fish: sslapi completion fish | source
${FUNCTIONS}
complete -c sslapi -f
complete -c sslapi -n __sslapi_needs_command -l help -s h -d 'this help'
complete -c sslapi -n __sslapi_needs_command -l version -s V -d 'print the version'
${lines.join('\n')}
`;
}

/** -x: a value and no file; -r -F: a value, and files beside the words. */
function value(taken: CompletedValue): string {
  const words = wordsOf(taken);
  return `${taken.paths === 'files' ? ' -r -F' : ' -x'}${words === '' ? '' : ` -a ${quoted(words)}`}`;
}

function operandLines(name: string, operand: CompletedValue): string[] {
  const words = wordsOf(operand);
  const files = operand.paths === 'files' ? ' -F' : '';
  if (words === '' && files === '') return [];
  return [
    `complete -c sslapi -n '__sslapi_command ${name}'${files}${words === '' ? '' : ` -a ${quoted(words)}`}`,
  ];
}

function wordsOf({ words, names, paths }: CompletedValue): string {
  return [
    ...words,
    ...(names ? ['(__sslapi_names)'] : []),
    ...(paths === 'folders' ? ['(__fish_complete_directories)'] : []),
  ].join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

const FUNCTIONS = `function __sslapi_needs_command
    test (count (commandline -opc)) -eq 1
end
function __sslapi_command
    set -l typed (commandline -opc)
    test (count $typed) -ge 2; and test "$typed[2]" = $argv[1]
end
function __sslapi_names
    set -l typed (commandline -opc)
    set -l pki
    for at in (seq (count $typed))
        if test "$typed[$at]" = --pki
            set pki --pki $typed[(math $at + 1)]
        else if string match -q -- '--pki=*' $typed[$at]
            set pki $typed[$at]
        end
    end
    command sslapi __names $pki 2>/dev/null
end`;
