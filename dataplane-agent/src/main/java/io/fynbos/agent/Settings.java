package io.fynbos.agent;

import io.fynbos.agent.jsonrpc.PeerAddress;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import java.net.URI;
import java.nio.file.Path;

/**
 * What an agent is told when it starts.
 *
 * @param underlay this host's tunnel address
 * @param openFlow where the switch finds its controller, as Open vSwitch writes it
 * @param runDirectory where the switch has its sockets
 * @param data where the agent keeps its files
 * @param underlayBridge the bridge that tunnels leave by, when the switch runs in userspace
 * @param datapathType {@code system} or {@code netdev}
 */
public record Settings(
    HostName host,
    IpAddress underlay,
    URI controllerApi,
    String openFlow,
    PeerAddress database,
    Path runDirectory,
    Path data,
    String underlayBridge,
    String datapathType) {}
