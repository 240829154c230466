# shellcheck shell=bash
# Schemathesis (PyPI), which tests a live node against its OpenAPI document.

schemathesis_version=4.32.5

# schemathesis DIRECTORY [no-install]: prints the path of $SCHEMATHESIS, or of one that is made in DIRECTORY or is on the path. Prints
# nothing where none can be had; what goes wrong is told on standard error.
schemathesis() {
  local directory=$1 install=${2:-yes} log
  if [ -n "${SCHEMATHESIS-}" ]; then
    echo "$SCHEMATHESIS"
    return
  fi
  if [ ! -x "$directory/bin/schemathesis" ] && [ "$install" = yes ]; then
    echo "Installing schemathesis $schemathesis_version" >&2
    log=$(mktemp)
    { python3 -m venv "$directory" &&
      timeout 300 "$directory/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$schemathesis_version"; } >"$log" 2>&1 ||
      { tail -n 5 "$log" >&2; echo "could not install schemathesis" >&2; rm -rf "$directory"; }
    rm -f "$log"
  fi
  if [ -x "$directory/bin/schemathesis" ]; then echo "$directory/bin/schemathesis"; else type -P schemathesis || true; fi
}
