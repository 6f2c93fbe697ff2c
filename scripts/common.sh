# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# What the scripts share; sourced. Debian's own tools come first, whatever else is on PATH: the build needs the Python
# that has GObject Introspection.
set -euo pipefail

export PATH="/usr/bin:/bin:/usr/sbin:/sbin:$PATH"
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say ()
{
  printf '%s\n' "$*" >&2
}

# The text at a script's head, for --help.
usage ()
{
  sed -n '3,${/^# shellcheck/q;/^[^#]/q;s/^# \{0,1\}//p}' "$0"
}
