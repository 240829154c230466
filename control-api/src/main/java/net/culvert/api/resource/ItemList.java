package net.culvert.api.resource;

import java.util.List;

/** The answer to a list request, ordered by name. */
public record ItemList<T>(List<T> items) {}
