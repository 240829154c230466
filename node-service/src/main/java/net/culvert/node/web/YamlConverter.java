package net.culvert.node.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/**
 * Writes the documents that people keep, and only those, as YAML (RFC 9512): a member a line,
 * without quotes where none are needed. It reads nothing: {@link RecordBodyConverter} does.
 */
final class YamlConverter implements HttpMessageConverter<Record> {

  static final MediaType YAML = MediaType.parseMediaType("application/yaml");

  private final YAMLMapper mapper =
      YAMLMapper.builder(
              YAMLFactory.builder()
                  .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER, YAMLWriteFeature.SPLIT_LINES)
                  .enable(
                      YAMLWriteFeature.MINIMIZE_QUOTES,
                      YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS,
                      YAMLWriteFeature.INDENT_ARRAYS_WITH_INDICATOR)
                  .build())
          .changeDefaultPropertyInclusion(any ->
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .build();

  static boolean isYaml(@Nullable MediaType mediaType) {
    return mediaType != null && YAML.equalsTypeAndSubtype(mediaType);
  }

  /** The bytes for a document, the same for the same document. */
  byte[] text(Record document) {
    return mapper.writeValueAsBytes(document);
  }

  @Override
  public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
    return false;
  }

  @Override
  public boolean canWrite(Class<?> type, @Nullable MediaType mediaType) {
    return RecordBodyConverter.isDocument(type)
        && (mediaType == null || mediaType.isCompatibleWith(YAML));
  }

  @Override
  public List<MediaType> getSupportedMediaTypes() {
    return List.of(YAML);
  }

  @Override
  public Record read(Class<? extends Record> type, HttpInputMessage message) {
    throw new HttpMessageNotReadableException("records are read by another converter", message);
  }

  @Override
  public void write(Record document, @Nullable MediaType mediaType, HttpOutputMessage message)
      throws IOException {
    message.getHeaders().setContentType(YAML);
    message.getBody().write(text(document));
    message.getBody().flush();
  }
}
