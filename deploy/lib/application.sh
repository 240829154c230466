# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # sets for, and takes from, the script that sources it
# Where the application is, and how its JVM is started. Sourced after jdk.sh.

# Measured at start-up and at rest on two cores: SerialGC with a small first heap takes 130 MB resident where the defaults
# take 220 MB, and starts as fast. The data plane keeps its packets outside the heap; a large topology document needs the
# upper bound. No perf data: a killed node leaves no file in /tmp. C2 stays on, for the packet path; what it frees goes back to the
# kernel every ten seconds (TrimNativeHeapInterval, in milliseconds); with five, one run at rest after load held 19 to 27 MB less.
# The AOT cache is valid for these flags only. Of the cache its classes are used and not its profiles (AOTReplayTraining): with these
# C2 compiles what started the application while the first packets pass, and on two cores takes one of them for ten seconds.
jvm_flags=(-XX:+UseSerialGC -Xms32m -Xmx512m -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError --enable-native-access=ALL-UNNAMED
  -XX:+UnlockExperimentalVMOptions -XX:+UnlockDiagnosticVMOptions -XX:+IgnoreUnrecognizedVMOptions -XX:TrimNativeHeapInterval=10000
  -XX:-AOTReplayTraining)

# The stages of the packet path are compiled one by one. Inlined into each other they make units that C2 works on for two seconds
# each, twice where a branch was mispredicted.
jvm_flags+=(-XX:CompileCommand=quiet)
# shellcheck disable=SC2016 # a dollar sign in the name of a class
for stage in packet.{Checksum::add,IpHeader::parse} dataplane.{OutboundAgent::dispatch,InboundAgent::open} \
  dataplane.{Segmenter::{begin,writeHead,finishChecksum},SocketWriter::add} dataplane.{Coalescer::{add,gather},TunWriter::{add,write}} \
  'kernel.tun.KernelTunDevice$Queue'::{read,write} kernel.udp.{SendMessages::send,ReceiveMessages::receive} \
  'transport.wireguard.WireGuardTransport$Session'{Sealer::seal,Opener::open}; do
  jvm_flags+=("-XX:CompileCommand=dontinline,net.culvert.node.$stage")
done
unset stage

# What an installation was made from, and by which Java.
jar_identity() { cksum <"$1"; }
java_identity() { cksum <"$1/release"; }

# Prints the jar that the build makes, or fails with a sentence.
find_built_jar() { # top of the checkout
  local jar
  for jar in "$1"/node-service/target/node-service-*.jar; do
    [ ! -f "$jar" ] || { printf '%s\n' "$jar"; return 0; }
  done
  echo "There is no $1/node-service/target/node-service-*.jar: make it with ./mvnw -DskipTests package" >&2
  return 1
}

# Whether the built jar is as new as its sources. It carries the commit's time for its own; when it was written is the time of
# its inode's last change.
built_jar_is_current() { # top of the checkout
  local jar
  jar=$(find_built_jar "$1" 2>/dev/null) &&
    [ -z "$(find "$1/pom.xml" "$1"/*/pom.xml "$1"/*/src/main -newermc "$jar" -print -quit)" ]
}

# Sets jar, and aot where a cache of this very build and JVM is there. Uses $here (the folder of the scripts) and $java_home.
# An installation holds app/ beside the scripts; in a checkout, deploy/install makes one under target/.
find_application() {
  local app=$here/app
  aot=
  if [ -f "$app/node-service.jar" ]; then
    jar=$app/node-service.jar
  else
    jar=$(find_built_jar "$(dirname "$here")")
    app=$(dirname "$jar")/culvert/app
    if [ ! -f "$app/made-from" ]; then
      return
    elif [ "$(jar_identity "$jar")" != "$(head -n 1 "$app/made-from")" ]; then
      say "starting from the plain jar: the prepared application is of an older build (deploy/install renews it)"
      return
    fi
    jar=$app/node-service.jar
  fi
  if [ -f "$app/node.aot" ] && [ "$(java_identity "$java_home")" = "$(tail -n 1 "$app/made-from")" ]; then
    aot=$app/node.aot
  else
    say "starting without an AOT cache, more slowly: $app has none made by $java_home"
  fi
}

# The main class and the arguments of the JVM for one WireGuard device (deploy/culvert-wg). Its heap is for the largest device: 65,536
# peers, a million prefixes. C1 alone would start no sooner, and C2 is for the packet path.
device_class=net.culvert.node.device.CulvertWg
device_training_class=net.culvert.node.device.TrainingRun
unsigned_jar_class=net.culvert.node.device.UnsignedJar
device_flags=(-Xms8m -Xmx1g -XX:TieredStopAtLevel=4)

# Prints the class path of a device's JVM, for the folder app/ of an installation: first the few jars that it needs, then the
# application, whose manifest names all others. One after the other is opened until a class is found.
device_class_path() { # app
  local jar path=
  for jar in "$1"/lib/{control-api,asm,jffi,jnr,slf4j-api,logback,bcprov,ipaddress}[-0-9]*.jar; do
    path+=$jar:
  done
  printf '%s\n' "$path$1/node-service.jar"
}

# Sets device_command, the words that start it before the device's name. Uses $here, $java_home and say. From the plain jar, which Spring
# Boot's launcher opens, where nothing prepared is there: more slowly, and with one line in the log.
find_device_program() {
  local jar aot='' app=$here/app
  if [ ! -f "$app/node-service.jar" ]; then
    jar=$(find_built_jar "$(dirname "$here")") || return
    app=$(dirname "$jar")/culvert/app
    if [ ! -f "$app/made-from" ] || [ "$(jar_identity "$jar")" != "$(head -n 1 "$app/made-from")" ]; then
      say "starting from the plain jar, more slowly (deploy/install prepares the application)"
      # shellcheck disable=SC2206 # a list of words
      device_command=("$java_home/bin/java" "${jvm_flags[@]}" "${device_flags[@]}" ${CULVERT_JAVA_OPTIONS-} "-Dloader.main=$device_class"
        -cp "$jar" org.springframework.boot.loader.launch.PropertiesLauncher)
      return
    fi
  fi
  if [ -f "$app/device.aot" ] && [ "$(java_identity "$java_home")" = "$(tail -n 1 "$app/made-from")" ]; then
    aot=-XX:AOTCache=$app/device.aot
  else
    say "starting without an AOT cache, more slowly: $app has none made by $java_home"
  fi
  # shellcheck disable=SC2206 # a list of words
  device_command=("$java_home/bin/java" "${jvm_flags[@]}" "${device_flags[@]}" $aot ${CULVERT_JAVA_OPTIONS-} -cp "$(device_class_path "$app")" "$device_class")
}

# Prints the version that the build gave.
find_version() {
  local jar
  if [ -f "$here/app/version" ]; then
    cat "$here/app/version"
  else
    jar=$(find_built_jar "$(dirname "$here")") || return
    jar=${jar##*/node-service-}
    echo "${jar%.jar}"
  fi
}
