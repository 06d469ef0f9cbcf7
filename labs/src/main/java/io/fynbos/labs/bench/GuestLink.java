package io.fynbos.labs.bench;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fynbos.labs.net.Command;
import io.fynbos.labs.net.Namespace;
import io.fynbos.labs.runner.Await;
import io.fynbos.labs.runner.Lab;
import io.fynbos.labs.runner.LabException;
import io.fynbos.labs.topology.Topology.Guest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Traffic from one guest of a lab to another: TCP by iperf3, round trips by ping. */
public final class GuestLink implements AutoCloseable {
  /** The port that the second guest listens on. */
  public static final int PORT = 5201;

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Pattern AVERAGE = Pattern.compile("= [0-9.]+/([0-9.]+)/");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Namespace client;
  private final Process listener;

  private GuestLink(Namespace client, Process listener) {
    this.client = client;
    this.listener = listener;
  }

  /** Starts what the second guest listens with. */
  public static GuestLink between(Lab lab, Guest client, Guest server) {
    Namespace inside = lab.namespace(server.name());
    try {
      Process listener =
          new ProcessBuilder(inside.prefixed(List.of("iperf3", "-s", "-p", Integer.toString(PORT))))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      Command listening = Command.of("ss", "-Hltn", "sport", "=", ":" + PORT).in(inside);
      Await.until(() -> !listening.run().output().isBlank(), LIMIT);
      return new GuestLink(lab.namespace(client.name()), listener);
    } catch (IOException e) {
      throw new LabException("iperf3 cannot be run: " + e.getMessage(), e);
    }
  }

  /** TCP throughput towards one of the second guest's addresses, in Gb/s. */
  public double gigabits(String address, Duration longest) {
    String seconds = Long.toString(longest.toSeconds());
    String answer =
        Command.of("iperf3", "-J", "-c", address, "-p", Integer.toString(PORT), "-t", seconds)
            .in(client)
            .succeed();
    try {
      JsonNode end = JSON.readTree(answer).path("end");
      return end.path("sum_received").path("bits_per_second").asDouble() / 1e9;
    } catch (JacksonException e) {
      throw new LabException("iperf3 answered no JSON", e);
    }
  }

  /** The mean round trip of 200 pings. */
  public double roundTripMillis(String address) {
    String answer =
        Command.of("ping", "-q", "-n", "-c", "200", "-i", "0.005", address).in(client).succeed();
    Matcher average = AVERAGE.matcher(answer);
    return average.find() ? Double.parseDouble(average.group(1)) : Double.NaN;
  }

  /** The middle one of some values. */
  public static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  @Override
  public void close() {
    listener.destroy();
  }
}
