import type { CompletedCommand, CompletedValue } from './completed-values.js';

/** The completion for bash 4 and later, which needs nothing but bash. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  const flags = commands.map((one) => `    ${one.name}) flags='${flagWords(one)}' ;;`);
  const values = commands.flatMap((one) =>
    one.flags.flatMap(({ long, takes }) =>
      takes === null ? [] : [`    ${one.name}:${long}) ${offer(takes)}; return ;;`],
    ),
  );
  const operands = commands.map(({ name, operand }) => `    ${name}) ${offer(operand)} ;;`);
  return `# Completion of sslapi for bash: source <(sslapi completion bash)
${FUNCTIONS}
_sslapi() {
  local -a typed
  local line=\${COMP_LINE:0:COMP_POINT} flags= current flag command
  read -ra typed <<<"$line"
  [[ $line == *[[:space:]] ]] && typed+=('')
  current=\${typed[-1]} command=\${typed[1]} flag=
  (( \${#typed[@]} > 2 )) && flag=\${typed[-2]}
  COMPREPLY=()
  if (( \${#typed[@]} <= 2 )); then
    _sslapi_words "${names} --help --version" "$current"
    return
  fi
  case $command in
${flags.join('\n')}
  esac
  if [[ $current == --*=* ]]; then flag=\${current%%=*} current=\${current#*=}; fi
  case $command:$flag in
${values.join('\n')}
  esac
  if [[ $current == -* ]]; then _sslapi_words "$flags" "$current"; return; fi
  case $command in
${operands.join('\n')}
  esac
}
complete -F _sslapi sslapi
`;
}

function flagWords({ flags }: CompletedCommand): string {
  return flags.map(({ long }) => long).join(' ');
}

function offer({ words, names, paths }: CompletedValue): string {
  const calls = [
    ...(words.length > 0 ? [`_sslapi_words '${words.join(' ')}' "$current"`] : []),
    ...(names ? ['_sslapi_words "$(_sslapi_names "$current")" "$current"'] : []),
    ...(paths === 'files' ? ['_sslapi_paths -f "$current"'] : []),
    ...(paths === 'folders' ? ['_sslapi_paths -d "$current"'] : []),
  ];
  return calls.length === 0 ? ':' : calls.join('; ');
}

/** Bash takes a word apart at = and :, and wants of an answer only what stands behind the last of them; of an @ also
 *  that. */
const FUNCTIONS = `_sslapi_words() {
  local word rest cut=\${2%"\${2##*[=:]}"}
  rest=\${2#"$cut"}
  [[ $rest == *@* ]] && cut+=\${rest%@*}
  [[ $COMP_WORDBREAKS == *@* ]] || cut=
  for word in $1; do
    [[ $word == "$2"* ]] && COMPREPLY+=("\${word#"$cut"}")
  done
}
_sslapi_paths() {
  compopt -o filenames 2>/dev/null
  local path
  while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen "$1" -- "$2")
}
_sslapi_names() {
  local at
  local -a pki=()
  for (( at = 2; at < \${#typed[@]}; at++ )); do
    [[ \${typed[at]} == --pki ]] && pki=(--pki "\${typed[at + 1]}")
    [[ \${typed[at]} == --pki=* ]] && pki=("\${typed[at]}")
  done
  command "\${typed[0]}" __names "\${pki[@]}" -- "$1" 2>/dev/null
}`;
