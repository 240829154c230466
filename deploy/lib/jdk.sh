# shellcheck shell=bash
# Finds the Java 25 that runs a node. Sourced; needs nothing but bash.

# Prints the home of a Java 25: JAVA_HOME if it is one, else the first under /usr/lib/jvm. Fails with a sentence.
find_java_home() {
  local home
  for home in "${JAVA_HOME-}" /usr/lib/jvm/*; do
    if [ -n "$home" ] && [ -x "$home/bin/java" ] && grep -q '^JAVA_VERSION="25' "$home/release" 2>/dev/null; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  echo "Culvert needs Java 25: set JAVA_HOME to a JDK 25, or install one under /usr/lib/jvm." >&2
  return 1
}
