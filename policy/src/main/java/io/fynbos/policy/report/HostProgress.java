package io.fynbos.policy.report;

import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Revision;

/**
 * How far one host has come.
 *
 * @param applied the newest revision for which the host's switch answered the barrier and its agent
 *     completed a revalidation; all before it are applied too
 * @param reachable whether its switch and its agent are connected
 * @param fenced whether every other host drops what comes from its tunnel address
 */
public record HostProgress(HostName host, Revision applied, boolean reachable, boolean fenced) {}
