# shellcheck shell=bash
# Debian packages by the commands that they bring. Sourced.

# missing_packages COMMAND:PACKAGE…: prints the packages whose command is not there, one a line.
missing_packages() {
  local pair
  for pair in "$@"; do
    PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%:*}" >/dev/null || printf '%s\n' "${pair#*:}"
  done | sort -u
}

# install_packages PACKAGE…: quiet unless it fails.
install_packages() {
  local log
  if ! command -v apt-get >/dev/null; then
    echo "Missing here: $*. These are the names of the Debian packages; install them with your system's own tool." >&2
    return 1
  fi
  log=$(mktemp)
  if ! { DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 update &&
    DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 --no-install-recommends install "$@"; } \
    >"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    echo "apt-get could not install: $*" >&2
    return 1
  fi
  rm -f "$log"
}
