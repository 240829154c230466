package net.culvert.node.audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import net.culvert.api.audit.AuditEntry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The audit log's files: {@code audit.jsonl}, into which is written, and older ones, {@code
 * audit.1.jsonl} the youngest of them. Each has the mode 0600 and at most so many bytes, and the
 * oldest goes when another begins.
 *
 * <p>A line is whole or not there: one that the disk did not take is cut off again and counted, and
 * nobody fails for it. Lines are given to the kernel and not waited for until the disk has them.
 * Any thread.
 */
final class AuditLog implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

  private static final String NAME = "audit";
  private static final String SUFFIX = ".jsonl";

  private final Path folder;
  private final long maxBytes;
  private final int maxFiles;
  private final JsonMapper mapper;
  private @Nullable FileChannel channel;
  private long lost;
  private volatile @Nullable String trouble;

  /**
   * Opens nothing yet.
   *
   * @param maxBytes after which a file is put aside
   * @param maxFiles that there are, the one that is written among them
   */
  AuditLog(Path folder, long maxBytes, int maxFiles, JsonMapper mapper) {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.maxFiles = maxFiles;
    this.mapper = mapper;
  }

  private Path file(int age) {
    return folder.resolve(NAME + (age == 0 ? "" : "." + age) + SUFFIX);
  }

  /** Adds a line. What cannot be written is counted, and told by {@link #trouble}. */
  synchronized void write(AuditEntry entry) {
    byte[] line = (mapper.writeValueAsString(entry) + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      FileChannel open = open(line.length);
      append(open, line);
      if (trouble != null) {
        LOG.info("{} can be written again; {} lines are missing", file(0), lost);
        trouble = null;
      }
    } catch (IOException e) {
      lost++;
      if (trouble == null) {
        LOG.warn("{} cannot be written: {}; calls are answered all the same", file(0), words(e));
      }
      trouble =
          file(0) + " cannot be written: " + words(e) + "; since the start lines lost: " + lost;
      close();
    }
  }

  private static String words(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** The file with room for a line, made or put aside where that is needed. */
  private FileChannel open(int bytes) throws IOException {
    FileChannel open = channel;
    if (open != null && open.size() > 0 && open.size() + bytes > maxBytes) {
      close();
      for (int age = maxFiles - 1; age > 0; age--) {
        if (Files.exists(file(age - 1), LinkOption.NOFOLLOW_LINKS)) {
          Files.move(file(age - 1), file(age), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      open = null;
    }
    if (open == null) {
      open = openWhole(file(0));
      channel = open;
    }
    return open;
  }

  /** Without what a node that was killed may have left of a last line. */
  private static FileChannel openWhole(Path file) throws IOException {
    FileChannel open =
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      long end = open.size();
      ByteBuffer last = ByteBuffer.allocate(1);
      while (end > 0 && open.read(last.clear(), end - 1) == 1 && last.get(0) != '\n') {
        end--;
      }
      open.truncate(end);
      open.position(end);
      return open;
    } catch (IOException e) {
      open.close();
      throw e;
    }
  }

  private static void append(FileChannel open, byte[] line) throws IOException {
    long before = open.position();
    try {
      ByteBuffer bytes = ByteBuffer.wrap(line);
      while (bytes.hasRemaining()) {
        open.write(bytes);
      }
    } catch (IOException e) {
      open.truncate(before);
      throw e;
    }
  }

  /**
   * The newest lines, oldest first.
   *
   * @param since only those of that time and later; null for all
   * @throws IOException if a file cannot be read
   */
  List<AuditEntry> read(int limit, @Nullable Instant since) throws IOException {
    List<AuditEntry> found = new ArrayList<>();
    for (int age = 0; age < maxFiles && found.size() < limit; age++) {
      List<AuditEntry> older = last(file(age), limit - found.size(), since);
      older.addAll(found);
      found = older;
    }
    return found;
  }

  private List<AuditEntry> last(Path file, int limit, @Nullable Instant since) throws IOException {
    Deque<AuditEntry> last = new ArrayDeque<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        AuditEntry entry = parse(line);
        if (entry != null && (since == null || !entry.time().isBefore(since))) {
          last.addLast(entry);
          if (last.size() > limit) {
            last.removeFirst();
          }
        }
      }
    } catch (NoSuchFileException e) {
      // Not begun yet, or put aside just now.
    }
    return new ArrayList<>(last);
  }

  /** Null for what is no line of ours: half of one that is being written, or an editor's. */
  private @Nullable AuditEntry parse(String line) {
    try {
      return mapper.readValue(line, AuditEntry.class);
    } catch (JacksonException e) {
      return null;
    }
  }

  /** Why the last line was not written; null where it was. */
  @Nullable String trouble() {
    return trouble;
  }

  @Override
  public synchronized void close() {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.debug("{} was not closed", file(0), e);
      }
    }
  }
}
