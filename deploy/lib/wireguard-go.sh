# shellcheck shell=bash
# The foreign WireGuard that is measured and tested against: the newest wireguard-go where a Go toolchain can make it, else Debian's.

wireguard_go_module=golang.zx2c4.com/wireguard@v0.0.0-20260522210424-ecfc5a8d5446

# wireguard_go DIRECTORY [no-install]: prints the path of $WIREGUARD_GO, or of one that is made in DIRECTORY/bin or installed. Prints
# nothing where none can be had; what goes wrong is told on standard error.
wireguard_go() {
  local directory=$1 install=${2:-yes} go log
  if [ -n "${WIREGUARD_GO-}" ]; then
    echo "$WIREGUARD_GO"
    return
  fi
  if [ ! -x "$directory/bin/wireguard" ] && [ "$install" = yes ]; then
    if go=$(command -v go) || { go=/usr/local/go/bin/go; [ -x "$go" ]; }; then
      echo "Making wireguard-go ($wireguard_go_module)" >&2
      mkdir -p "$directory/bin"
      log=$(mktemp)
      GOBIN=$directory/bin GOFLAGS=-modcacherw timeout 300 "$go" install "$wireguard_go_module" >"$log" 2>&1 ||
        { tail -n 5 "$log" >&2; echo "could not make wireguard-go" >&2; }
      rm -f "$log"
    fi
    if [ ! -x "$directory/bin/wireguard" ] && ! command -v wireguard-go >/dev/null; then
      install_packages wireguard-go >&2 || true
    fi
  fi
  if [ -x "$directory/bin/wireguard" ]; then echo "$directory/bin/wireguard"; else command -v wireguard-go || true; fi
}
