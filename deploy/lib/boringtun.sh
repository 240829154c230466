# shellcheck shell=bash
# A third WireGuard to test against: Cloudflare's boringtun, where a Rust toolchain can make it.

boringtun_version=0.7.1

# boringtun DIRECTORY [no-install]: prints the path of $BORINGTUN, or of one that is made in DIRECTORY/bin or is on the path. Prints
# nothing where none can be had; what goes wrong is told on standard error.
boringtun() {
  local directory=$1 install=${2:-yes} log
  if [ -n "${BORINGTUN-}" ]; then
    echo "$BORINGTUN"
    return
  fi
  if [ ! -x "$directory/bin/boringtun-cli" ] && ! command -v boringtun-cli >/dev/null && [ "$install" = yes ] && command -v cargo >/dev/null; then
    echo "Making boringtun-cli $boringtun_version" >&2
    log=$(mktemp)
    timeout 600 cargo install --quiet --locked --version "$boringtun_version" --root "$directory" boringtun-cli >"$log" 2>&1 ||
      { tail -n 5 "$log" >&2; echo "could not make boringtun-cli" >&2; }
    rm -f "$log"
  fi
  if [ -x "$directory/bin/boringtun-cli" ]; then echo "$directory/bin/boringtun-cli"; else command -v boringtun-cli || true; fi
}
