package io.fynbos.openflow.session;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/**
 * PEM files for mutual TLS: our private key (PKCS#8), our certificate, and the authority that signs
 * peers' certificates.
 */
public record TlsFiles(Path key, Path certificate, Path authority) {
  /** TLS as the side that listens, which demands a certificate of the peer. */
  SslContext serverContext() {
    for (Path file : new Path[] {key, certificate, authority}) {
      if (!Files.isReadable(file)) {
        throw new UncheckedIOException(new IOException("cannot read the TLS file " + file));
      }
    }
    try {
      return SslContextBuilder.forServer(certificate.toFile(), key.toFile())
          .trustManager(authority.toFile())
          .clientAuth(ClientAuth.REQUIRE)
          .sslProvider(SslProvider.JDK)
          .protocols("TLSv1.3", "TLSv1.2")
          .build();
    } catch (SSLException | IllegalArgumentException malformed) {
      throw new UncheckedIOException(
          new IOException(
              "the TLS files %s, %s and %s do not fit together (the key must be PKCS#8 PEM): %s"
                  .formatted(key, certificate, authority, malformed.getMessage()),
              malformed));
    }
  }
}
