package net.culvert.node.web.problem;

import java.util.List;
import java.util.stream.Collectors;
import net.culvert.api.problem.FieldError;
import net.culvert.api.problem.ProblemType;

/** 400: fields, parameters or headers with values that can never be right. */
public final class InvalidFieldException extends RequestRefusedException {

  private final transient List<FieldError> errors;

  /**
   * One field.
   *
   * @param field its path, such as {@code attachment.address} or {@code allowedPrefixes[2]}
   * @param message what is wrong with it
   */
  public InvalidFieldException(String field, String message) {
    this(List.of(new FieldError(field, message)));
  }

  /** All fields at once; at least one. */
  public InvalidFieldException(List<FieldError> errors) {
    super(ProblemType.MALFORMED, sentence(errors));
    this.errors = List.copyOf(errors);
  }

  @Override
  public List<FieldError> errors() {
    return errors;
  }

  static String sentence(List<FieldError> errors) {
    return errors.stream()
        .limit(3)
        .map(error -> error.field() + ": " + error.message())
        .collect(
            Collectors.joining(
                "; ", "", errors.size() > 3 ? "; and " + (errors.size() - 3) + " more" : ""));
  }
}
