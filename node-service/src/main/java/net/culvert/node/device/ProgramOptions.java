package net.culvert.node.device;

import java.nio.file.Path;
import java.util.Map;
import net.culvert.api.value.LinkName;
import org.jspecify.annotations.Nullable;

/**
 * What the program was started with. The names of the environment are those of {@code
 * wireguard-go}, but for {@value #READY_FD}, by which the start script hears how the start went.
 *
 * @param name of the device; where {@code tunDescriptor} is given, the device's own name counts
 * @param tunDescriptor an inherited descriptor that is attached to the device, or null
 * @param inheritsSocket whether the listening socket is standard input
 * @param readyDescriptor an inherited descriptor to tell the outcome of the start, or null
 */
record ProgramOptions(
    LinkName name,
    LogLevel logLevel,
    @Nullable Integer tunDescriptor,
    boolean inheritsSocket,
    @Nullable Integer readyDescriptor,
    Path socketDirectory) {

  static final String LOG_LEVEL = "LOG_LEVEL";
  static final String TUN_FD = "WG_TUN_FD";

  /** The start script puts it on standard input, where Java finds it. */
  static final String UAPI_FD = "WG_UAPI_FD";

  static final String READY_FD = "CULVERT_READY_FD";

  /** Where {@code wg(8)} looks; that is compiled into it. */
  private static final Path SOCKETS = Path.of("/var/run/wireguard");

  /** What is logged. */
  enum LogLevel {
    VERBOSE,
    ERROR,
    SILENT;

    /** Of {@code LOG_LEVEL}; what is not known is as if nothing was said. */
    static LogLevel of(@Nullable String text) {
      return switch (text) {
        case "verbose", "debug" -> VERBOSE;
        case "silent" -> SILENT;
        case null, default -> ERROR;
      };
    }
  }

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException if nobody could mean that, in a sentence
   */
  static ProgramOptions of(String name, Map<String, String> environment) {
    return new ProgramOptions(
        LinkName.parse(name),
        LogLevel.of(environment.get(LOG_LEVEL)),
        descriptor(environment, TUN_FD),
        descriptor(environment, UAPI_FD) != null,
        descriptor(environment, READY_FD),
        SOCKETS);
  }

  private static @Nullable Integer descriptor(Map<String, String> environment, String name) {
    String text = environment.get(name);
    if (text == null || text.isEmpty()) {
      return null;
    }
    if (!text.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException(name + " is the number of a descriptor, not " + text);
    }
    return Integer.valueOf(text);
  }
}
