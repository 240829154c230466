# shellcheck shell=bash
# Root, asked for by the scripts themselves. Sourced.

# become_root SCRIPT [ARGUMENT…]: returns when root already, else runs the script again under sudo.
become_root() {
  [ "$(id -u)" != 0 ] || return 0
  if ! command -v sudo >/dev/null; then
    echo "$(basename "$1") needs root, and there is no sudo here: run it as root." >&2
    exit 1
  fi
  exec sudo -- env ${CI+"CI=$CI"} ${JAVA_HOME+"JAVA_HOME=$JAVA_HOME"} "$@"
}

# as_owner DIRECTORY COMMAND [ARGUMENT…]: as root, runs the command as the user who owns the directory, so that a build in
# a user's checkout leaves the user's files and uses the user's Maven repository.
as_owner() {
  local uid gid home
  uid=$(stat -c %u "$1") gid=$(stat -c %g "$1")
  shift
  if [ "$(id -u)" != 0 ] || [ "$uid" = 0 ] || ! home=$(getent passwd "$uid" | cut -d: -f6) || [ -z "$home" ]; then
    "$@"
  else
    setpriv --reuid="$uid" --regid="$gid" --init-groups -- env "HOME=$home" "$@"
  fi
}
