package io.fynbos.openflow.session;

import java.nio.file.Path;

/**
 * PEM files for mutual TLS: our private key and certificate, and the authority that signs peers'.
 */
public record TlsFiles(Path key, Path certificate, Path authority) {}
