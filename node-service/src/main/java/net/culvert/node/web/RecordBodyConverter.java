package net.culvert.node.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.culvert.api.topology.TopologyPatch;
import net.culvert.node.web.problem.UnsupportedTypeException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotWritableException;

/**
 * Reads the control API's records by {@link BodyReader}; it writes nothing. It says that it can
 * read every media type and refuses the others itself: a record that another converter reads is not
 * checked.
 */
final class RecordBodyConverter implements HttpMessageConverter<Record> {

  private static final String API = "net.culvert.api.";
  private static final String DOCUMENTS = API + "topology.";

  private final BodyReader reader;

  RecordBodyConverter(BodyReader reader) {
    this.reader = reader;
  }

  static boolean isBody(Class<?> type) {
    return type.isRecord() && type.getName().startsWith(API);
  }

  /** Whether people keep such a record in files of their own, which may be YAML. */
  static boolean isDocument(Class<?> type) {
    return type.isRecord() && type.getName().startsWith(DOCUMENTS);
  }

  /** JSON, which is UTF-8 (RFC 8259); a charset parameter that says so does no harm. */
  static boolean isJson(@Nullable MediaType mediaType) {
    return mediaType != null
        && MediaType.APPLICATION_JSON.equalsTypeAndSubtype(mediaType)
        && (mediaType.getCharset() == null
            || mediaType.getCharset().equals(StandardCharsets.UTF_8));
  }

  @Override
  public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
    return isBody(type);
  }

  @Override
  public boolean canWrite(Class<?> type, @Nullable MediaType mediaType) {
    return false;
  }

  @Override
  public List<MediaType> getSupportedMediaTypes() {
    return List.of(MediaType.APPLICATION_JSON);
  }

  @Override
  public List<MediaType> getSupportedMediaTypes(Class<?> type) {
    return isBody(type) ? getSupportedMediaTypes() : List.of();
  }

  /** The size is bounded by {@link BodyLimitFilter}, which every request passes. */
  @Override
  public Record read(Class<? extends Record> type, HttpInputMessage message) throws IOException {
    MediaType mediaType = message.getHeaders().getContentType();
    if (type == TopologyPatch.class) {
      // Its media type is the mapping's to check.
      return new TopologyPatch(reader.tree(message.getBody().readAllBytes()));
    }
    if (isDocument(type) && YamlConverter.isYaml(mediaType)) {
      return reader.readYaml(message.getBody().readAllBytes(), type);
    }
    if (!isJson(mediaType)) {
      throw new UnsupportedTypeException(
          "The body's Content-Type is "
              + (mediaType == null ? "absent" : "'" + mediaType + "'")
              + "; wanted is application/json"
              + (isDocument(type) ? " or application/yaml." : "."));
    }
    return reader.read(message.getBody().readAllBytes(), type);
  }

  @Override
  public void write(Record record, @Nullable MediaType mediaType, HttpOutputMessage message) {
    throw new HttpMessageNotWritableException("records are written by the JSON converter");
  }
}
