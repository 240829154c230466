package net.culvert.node.device;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.LoggerFactory;

/** Sets the log up without a file: lines on standard output, as many as {@code LOG_LEVEL} says. */
final class DeviceLog {

  private DeviceLog() {}

  static void configure(String device, ProgramOptions.LogLevel level) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%level: \\(" + device + "\\) %d{yyyy/MM/dd HH:mm:ss} %msg%n%ex{full}");
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    root.setLevel(
        switch (level) {
          case VERBOSE -> Level.DEBUG;
          case ERROR -> Level.ERROR;
          case SILENT -> Level.OFF;
        });
  }
}
