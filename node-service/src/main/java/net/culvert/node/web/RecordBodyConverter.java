package net.culvert.node.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotWritableException;

/** Reads the control API's records by {@link BodyReader}; it writes nothing. */
final class RecordBodyConverter implements HttpMessageConverter<Record> {

  private static final String API = "net.culvert.api.";

  private final BodyReader reader;

  RecordBodyConverter(BodyReader reader) {
    this.reader = reader;
  }

  @Override
  public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
    return isBody(type)
        && (mediaType == null
            || MediaType.APPLICATION_JSON.includes(mediaType)
                && (mediaType.getCharset() == null
                    || mediaType.getCharset().equals(StandardCharsets.UTF_8)));
  }

  static boolean isBody(Class<?> type) {
    return type.isRecord() && type.getName().startsWith(API);
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
    return reader.read(message.getBody().readAllBytes(), type);
  }

  @Override
  public void write(Record record, @Nullable MediaType mediaType, HttpOutputMessage message) {
    throw new HttpMessageNotWritableException("records are written by the JSON converter");
  }
}
