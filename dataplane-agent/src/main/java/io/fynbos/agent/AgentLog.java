package io.fynbos.agent;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the agent's log looks: a line for each event, on the standard error. It is put together here
 * and not read from a file, since that would load an XML parser for it; {@code
 * -Dlogback.configurationFile} names a file all the same.
 */
final class AgentLog {
  private static final String FILE = "logback.configurationFile";
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSZZZZZ} level=%level logger=%logger{0} %msg%n";

  private AgentLog() {}

  /** To be called before anything is logged. */
  static void begin() {
    if (System.getProperty(FILE) != null
        || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return;
    }
    context.reset();
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    ConsoleAppender<ILoggingEvent> standardError = new ConsoleAppender<>();
    standardError.setContext(context);
    standardError.setTarget("System.err");
    standardError.setEncoder(encoder);
    standardError.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(standardError);
    context.getLogger("io.netty").setLevel(Level.WARN);
  }
}
