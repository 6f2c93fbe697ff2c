# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Completion of qrx for bash. It asks the program itself, so that verbs, options and node types are told in one place.

_qrx_verbs ()
{
  "$1" --help 2>/dev/null | sed -n 's/^  \([a-z]\{1,\}\) .*/\1/p' | grep -vx qrx
}

_qrx_options ()
{
  "$@" --help 2>/dev/null | grep -o -- '--[a-z][a-z-]*=\{0,1\}'
}

_qrx_actions ()
{
  "$@" --help 2>/dev/null | sed -n '/^Actions:/,$s/^  \([a-z]\{1,\}\) .*/\1/p'
}

_qrx ()
{
  local program=${COMP_WORDS[0]} verb=${COMP_WORDS[1]} word=${COMP_WORDS[COMP_CWORD]} words=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="$(_qrx_verbs "$program") --help --version"
  elif [[ $word == -* ]] && [[ $verb == circuit || $verb == study ]]; then
    words=$(_qrx_options "$program" "$verb" "${COMP_WORDS[2]}")
  elif [[ $word == -* ]]; then
    words=$(_qrx_options "$program" "$verb")
  elif [ "$verb" = circuit ] && [ "$COMP_CWORD" -eq 2 ]; then
    words=$(_qrx_actions "$program" circuit)
  elif [ "$verb" = study ] && [ "$COMP_CWORD" -eq 2 ]; then
    words=$(_qrx_actions "$program" study)
  elif [ "$verb" = bench ] && [ "$COMP_CWORD" -eq 2 ]; then
    words="quantum train"
  elif [ "$verb" = inspect ]; then
    words=$("$program" inspect 2>/dev/null | sed -n 's/^  *\([a-z0-9-]\{1,\}\)  .*/\1/p')
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  [[ ${COMPREPLY[*]} == *= ]] && compopt -o nospace 2>/dev/null
  return 0
}

complete -o bashdefault -o default -F _qrx qrx
