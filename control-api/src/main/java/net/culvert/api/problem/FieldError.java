package net.culvert.api.problem;

/**
 * One thing that is wrong with a request.
 *
 * @param field a path such as {@code attachment.address} or {@code allowedPrefixes[2]}, or a
 *     parameter's or header's name
 */
public record FieldError(String field, String message) {}
