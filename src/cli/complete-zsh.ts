import type { FlagFacts } from './command-tree.js';
import type { CompletedCommand, CompletedValue } from './completed-values.js';

/** The completion for zsh: to be sourced behind compinit, or kept as _sslapi in a folder of fpath. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const summaries = commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`);
  return `#compdef sslapi
# Completion of sslapi for zsh: source <(sslapi completion zsh)
# A message in its place would keep zsh from inserting a flag.
_sslapi_nothing() { return 1 }
_sslapi_names() {
  local at
  local -a pki names
  for (( at = 2; at <= $#words; at++ )); do
    [[ $words[at] == --pki ]] && pki=(--pki \${(Q)words[at+1]})
    [[ $words[at] == --pki=* ]] && pki=(\${(Q)words[at]})
  done
  names=(\${(f)"$(command sslapi __names $pki 2>/dev/null)"})
  compadd -a names
}
_sslapi() {
  local -a commands
  commands=(
${summaries.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe -t commands 'command' commands
    _arguments --help --version
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(branch).join('\n')}
  esac
}
if [[ $funcstack[1] == _sslapi ]]; then _sslapi "$@"; else compdef _sslapi sslapi; fi
`;
}

function branch({ name, flags, operand }: CompletedCommand): string {
  const specs = [...flags.map(flagSpec), quoted(`*:operand:${action(operand)}`)];
  return `    ${name}) _arguments -S \\\n${specs.map((spec) => `      ${spec}`).join(' \\\n')} ;;`;
}

function flagSpec({
  long,
  value,
  description,
  takes,
}: FlagFacts & { readonly takes: CompletedValue | null }) {
  const text = description.replace(/[[\]]/g, '').replaceAll(':', '\\:');
  if (takes === null) return quoted(`*${long}[${text}]`);
  return quoted(`*${long}=[${text}]:${(value ?? '').replaceAll(':', '\\:')}:${action(takes)}`);
}

function action({ words, names, paths }: CompletedValue): string {
  const choices = [
    ...(words.length > 0 ? [`words:word:(${words.join(' ')})`] : []),
    ...(names ? ['names:NAME:_sslapi_names'] : []),
    ...(paths === 'files' ? ['files:file:_files'] : []),
    ...(paths === 'folders' ? ['folders:folder:_files -/'] : []),
  ];
  if (choices.length === 0) return '_sslapi_nothing';
  if (choices.length === 1) return choices[0]!.split(':').slice(2).join(':');
  return `_alternative ${choices.map((one) => `"${one}"`).join(' ')}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
