package net.culvert.node.configuration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/**
 * Goes on binding after a mistake, so that an administrator sees all of them at once, each as a
 * sentence.
 */
final class MistakeCollector extends AbstractBindHandler {

  private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("culvert");

  private final List<String> sentences = new ArrayList<>();
  private final Set<ConfigurationPropertyName> refused = new HashSet<>();

  MistakeCollector(BindHandler parent) {
    super(parent);
  }

  @Override
  public @Nullable Object onFailure(
      ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error)
      throws Exception {
    if (ROOT.equals(name)) {
      sentences.addAll(sentences(error));
      throw refused();
    }
    if (!ROOT.isAncestorOf(name)) {
      return super.onFailure(name, target, context, error);
    }
    refused.add(name);
    ConfigurationProperty property = context.getConfigurationProperty();
    String value = property == null || isSecret(name) ? "" : " is '" + property.getValue() + "'";
    sentences.add(name + value + ": " + reason(target, error) + origin(property));
    return null;
  }

  @Override
  public void onFinish(
      ConfigurationPropertyName name,
      Bindable<?> target,
      BindContext context,
      @Nullable Object result)
      throws Exception {
    super.onFinish(name, target, context, result);
    if (ROOT.equals(name) && !sentences.isEmpty()) {
      throw refused();
    }
  }

  private StartRefusedException refused() {
    String list = sentences.stream().map(each -> "  - " + each).collect(Collectors.joining("\n"));
    String count = sentences.size() == 1 ? "a mistake" : sentences.size() + " mistakes";
    return new StartRefusedException(
        "The configuration has " + count + ":\n" + list, "Correct it and start again.");
  }

  private List<String> sentences(Exception error) {
    List<String> list = new ArrayList<>();
    switch (error) {
      case StartRefusedException refused -> {
        // Its sentences are those already collected.
      }
      case BindValidationException invalid -> {
        for (ObjectError each : invalid.getValidationErrors().getAllErrors()) {
          list.add(sentence(each));
        }
      }
      case UnboundConfigurationPropertiesException unbound -> {
        for (ConfigurationProperty property : unbound.getUnboundProperties()) {
          // The binder counts what could not be converted as unbound too.
          if (!refused.contains(property.getName())) {
            list.add(property.getName() + ": there is no such property" + origin(property));
          }
        }
      }
      default -> list.add(ROOT + ": " + rootCause(error));
    }
    return list;
  }

  private static String sentence(ObjectError error) {
    if (error instanceof FieldError field) {
      ConfigurationPropertyName name =
          ROOT.append(DataObjectPropertyName.toDashedForm(field.getField()));
      String value = isSecret(name) ? "" : " is '" + field.getRejectedValue() + "'";
      return name + value + ": " + field.getDefaultMessage();
    }
    return ROOT + ": " + error.getDefaultMessage();
  }

  private static boolean isSecret(ConfigurationPropertyName name) {
    return name.getLastElement(ConfigurationPropertyName.Form.DASHED).contains("token");
  }

  private static String reason(Bindable<?> target, Exception error) {
    Class<?> type = target.getType().resolve(Object.class);
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(each -> each.toString().toLowerCase(Locale.ROOT))
          .collect(Collectors.joining(" or ", "", " is wanted"));
    }
    return switch (type.getSimpleName()) {
      case "Duration" -> "a duration such as 10s or 500ms is wanted";
      case "int", "Integer", "long", "Long" -> "a whole number is wanted";
      case "boolean", "Boolean" -> "true or false is wanted";
      default -> rootCause(error);
    };
  }

  private static String rootCause(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  private static String origin(@Nullable ConfigurationProperty property) {
    return property == null || property.getOrigin() == null
        ? ""
        : " (" + property.getOrigin() + ")";
  }
}
