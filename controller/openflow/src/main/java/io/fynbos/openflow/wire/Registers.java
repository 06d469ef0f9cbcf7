package io.fynbos.openflow.wire;

import java.util.List;

/** Takes the 64- and 128-bit views of registers apart into the 32-bit ones. */
final class Registers {
  private Registers() {}

  static boolean joined(Oxm oxm) {
    return oxm.rank() >= OxmField.XREG0.rank() && oxm.rank() <= OxmField.XXREG3.rank();
  }

  /** Adds the field, or its 32-bit parts that are not wholly wildcarded. */
  static void split(Oxm oxm, List<Oxm> into) {
    if (!joined(oxm)) {
      into.add(oxm);
    } else if (oxm instanceof Oxm.Narrow pair) {
      int first = (pair.rank() - OxmField.XREG0.rank()) * 2;
      halves(first, pair.value(), pair.mask(), into);
    } else if (oxm instanceof Oxm.Wide four) {
      int first = (four.rank() - OxmField.XXREG0.rank()) * 4;
      halves(first, four.high(), four.maskHigh(), into);
      halves(first + 2, four.low(), four.maskLow(), into);
    }
  }

  private static void halves(int first, long value, long mask, List<Oxm> into) {
    if (mask >>> 32 != 0) {
      into.add(Oxm.masked(OxmField.reg(first), value >>> 32, mask >>> 32));
    }
    if ((mask & 0xffffffffL) != 0) {
      into.add(Oxm.masked(OxmField.reg(first + 1), value & 0xffffffffL, mask & 0xffffffffL));
    }
  }
}
