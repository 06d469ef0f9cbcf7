package io.fynbos.agent.support;

import io.fynbos.agent.link.ControllerApi;
import io.fynbos.agent.link.ControllerLink;
import io.fynbos.agent.link.Order;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A link to a controller that comes and goes, with the threads an agent has. */
public final class LinkedPeer implements AutoCloseable {
  /** Hears that orders can come. */
  public interface Up {
    /** They can. */
    void up();
  }

  private final Threads threads = new Threads();
  private final ControllerPeer controller = new ControllerPeer();
  private final ExecutorService workers = Executors.newFixedThreadPool(2);
  private final ControllerLink link;
  private volatile Up listener = () -> {};

  /** The controller is not there yet, and nobody looks for it. */
  public LinkedPeer() {
    link =
        new ControllerLink(
            new ControllerApi(controller.api(), workers),
            new HostName("h1"),
            IpAddress.parse("127.0.0.1"),
            "0000000000000001",
            threads.events(),
            System::nanoTime,
            new Ears());
  }

  /** Begins to connect; the listener hears of each success. */
  public void start(Up heard) {
    listener = heard;
    threads.events().execute(link::start);
  }

  public ControllerPeer controller() {
    return controller;
  }

  public ControllerLink link() {
    return link;
  }

  public Threads threads() {
    return threads;
  }

  @Override
  public void close() {
    threads.close();
    controller.close();
    workers.shutdownNow();
  }

  private final class Ears implements ControllerLink.Listener {
    @Override
    public void up() {
      listener.up();
    }

    @Override
    public void down() {}

    @Override
    public void ordered(Order order) {}
  }
}
