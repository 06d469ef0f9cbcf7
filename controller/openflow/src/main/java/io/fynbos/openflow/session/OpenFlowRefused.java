package io.fynbos.openflow.session;

import io.fynbos.openflow.wire.Mod;
import io.fynbos.openflow.wire.OpenFlowError;
import java.util.Optional;

/** The switch answered with an error; the change that it refused is named where there is one. */
public final class OpenFlowRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient OpenFlowError error;
  private final transient Optional<Mod> mod;

  /** An error, what was asked in words, and the change it answers. */
  public OpenFlowRefused(OpenFlowError error, String request, Optional<Mod> mod) {
    super(
        "the switch refused %s with %s%s"
            .formatted(request, error, mod.map(refused -> ": " + refused).orElse("")));
    this.error = error;
    this.mod = mod;
  }

  /** The switch's error. */
  public OpenFlowError error() {
    return error;
  }

  /** The change that was refused. */
  public Optional<Mod> mod() {
    return mod;
  }
}
