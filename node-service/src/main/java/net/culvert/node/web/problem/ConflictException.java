package net.culvert.node.web.problem;

import java.util.List;
import net.culvert.api.problem.FieldError;
import net.culvert.api.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/** 409: something that exists is in the way, ours or not. */
public final class ConflictException extends RequestRefusedException {

  private final transient @Nullable List<FieldError> errors;

  /** What is in the way and whose it is, as a sentence. */
  public ConflictException(String detail) {
    super(ProblemType.CONFLICT, detail);
    this.errors = null;
  }

  /** The same, with the field that holds the taken value. */
  public ConflictException(String field, String detail) {
    super(ProblemType.CONFLICT, detail);
    this.errors = List.of(new FieldError(field, detail));
  }

  /** All fields at once; at least one. */
  public ConflictException(List<FieldError> errors) {
    super(ProblemType.CONFLICT, InvalidFieldException.sentence(errors));
    this.errors = List.copyOf(errors);
  }

  @Override
  public @Nullable List<FieldError> errors() {
    return errors;
  }
}
