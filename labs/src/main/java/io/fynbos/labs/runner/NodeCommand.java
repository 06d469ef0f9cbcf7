package io.fynbos.labs.runner;

import io.fynbos.labs.topology.Topology;
import java.io.IOException;
import java.util.List;

/** A command of the user's, run on one node of a lab with the caller's own streams. */
public final class NodeCommand {
  private NodeCommand() {}

  /**
   * Runs it there.
   *
   * @return its exit status
   */
  public static int run(Lab lab, String node, List<String> words) {
    ProcessBuilder builder = new ProcessBuilder(lab.namespace(node).prefixed(words)).inheritIO();
    if (lab.topology().host(node).isPresent()) {
      String directory = lab.hostSwitch(node).directory().toString();
      builder.environment().put("OVS_RUNDIR", directory);
      builder.environment().put("OVS_DBDIR", directory);
    }
    if (node.equals(Topology.CONTROLLER) || node.equals("ctl")) {
      builder.environment().put("FYNBOS_API", "http://127.0.0.1:" + ControllerApi.PORT);
    }
    try {
      Process process = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stop"));
      return process.waitFor();
    } catch (IOException e) {
      throw new LabException(words.get(0) + " cannot be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 130;
    }
  }
}
