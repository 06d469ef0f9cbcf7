package io.fynbos.controller.flowlog;

import io.fynbos.policy.model.UniverseName;
import java.util.Optional;

/**
 * One line of the flow log.
 *
 * @param number counts up by one from line to line
 * @param event {@code flow}, or {@code dropped} where lines are missing
 * @param universe that it is about; a line about none is for everyone
 * @param json the line
 */
public record LogLine(long number, String event, Optional<UniverseName> universe, String json) {}
