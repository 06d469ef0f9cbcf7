package io.fynbos.openflow.session;

import io.fynbos.openflow.wire.OpenFlowFault;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.EnumSet;
import java.util.List;
import org.projectfloodlight.openflow.exceptions.OFParseError;
import org.projectfloodlight.openflow.protocol.OFBundleCtrlType;
import org.projectfloodlight.openflow.protocol.OFBundleFlags;
import org.projectfloodlight.openflow.protocol.OFControllerRole;
import org.projectfloodlight.openflow.protocol.OFFactories;
import org.projectfloodlight.openflow.protocol.OFFactory;
import org.projectfloodlight.openflow.protocol.OFFeaturesReply;
import org.projectfloodlight.openflow.protocol.OFHello;
import org.projectfloodlight.openflow.protocol.OFHelloElem;
import org.projectfloodlight.openflow.protocol.OFHelloElemVersionbitmap;
import org.projectfloodlight.openflow.protocol.OFMessage;
import org.projectfloodlight.openflow.protocol.OFVersion;
import org.projectfloodlight.openflow.types.BundleId;
import org.projectfloodlight.openflow.types.DatapathId;
import org.projectfloodlight.openflow.types.OFAuxId;
import org.projectfloodlight.openflow.types.U32;
import org.projectfloodlight.openflow.types.U64;

/**
 * The messages of the session itself, by openflowj: hello, features, configuration, echo, role,
 * barrier and bundle control. All of openflowj is behind this class.
 */
final class SessionMessages {
  /** OpenFlow 1.5's version byte. */
  static final int VERSION = 6;

  /** Bytes of a packet that a switch sends when nothing else is said. */
  private static final int MISS_SEND_BYTES = 0xffff;

  private static final int VERSION_BIT = 1 << VERSION;
  private static final OFFactory OPENFLOW = OFFactories.getFactory(OFVersion.OF_15);

  private SessionMessages() {}

  /**
   * Goes once through what a handshake needs. Open vSwitch gives a handshake one second, and
   * loading openflowj's classes can take that long on a busy machine: so it is done before anybody
   * waits.
   */
  static void load() {
    ByteBuf scratch = Unpooled.buffer();
    hello(1, scratch);
    if (!speaksOurVersion(scratch)) {
      throw new IllegalStateException("our own hello does not speak our version");
    }
    scratch.clear();
    OPENFLOW
        .buildFeaturesReply()
        .setDatapathId(DatapathId.of(1))
        .setAuxiliaryId(OFAuxId.MAIN)
        .build()
        .writeTo(scratch);
    features(scratch);
    scratch.clear();
    featuresRequest(1, scratch);
    setConfig(1, scratch);
    echoRequest(1, scratch);
    barrierRequest(1, scratch);
    bundleOpen(1, 1, scratch);
    roleRequest(Role.EQUAL, 1, 1, scratch);
  }

  /** What a switch says of itself. */
  record Features(long datapathId, int auxiliaryId) {}

  static void hello(int xid, ByteBuf out) {
    OFHelloElemVersionbitmap versions =
        OPENFLOW.buildHelloElemVersionbitmap().setBitmaps(List.of(U32.of(VERSION_BIT))).build();
    OPENFLOW.buildHello().setXid(xid).setElements(List.of(versions)).build().writeTo(out);
  }

  /**
   * Whether a peer's hello lets us speak OpenFlow 1.5: by its bitmap, or by its version where it
   * has none.
   */
  static boolean speaksOurVersion(ByteBuf hello) {
    int version = hello.getUnsignedByte(hello.readerIndex());
    if (version < VERSION) {
      return false;
    }
    // The elements of a hello are the same in all versions.
    hello.setByte(hello.readerIndex(), VERSION);
    for (OFHelloElem element : read(hello, OFHello.class).getElements()) {
      if (element instanceof OFHelloElemVersionbitmap bitmap && !bitmap.getBitmaps().isEmpty()) {
        return (bitmap.getBitmaps().get(0).getRaw() & VERSION_BIT) != 0;
      }
    }
    return true;
  }

  static void featuresRequest(int xid, ByteBuf out) {
    OPENFLOW.buildFeaturesRequest().setXid(xid).build().writeTo(out);
  }

  static Features features(ByteBuf message) {
    OFFeaturesReply reply = read(message, OFFeaturesReply.class);
    boolean main = reply.getAuxiliaryId().equals(OFAuxId.MAIN);
    return new Features(
        reply.getDatapathId().getLong(), main ? 0 : reply.getAuxiliaryId().getValue());
  }

  static void setConfig(int xid, ByteBuf out) {
    OPENFLOW.buildSetConfig().setXid(xid).setMissSendLen(MISS_SEND_BYTES).build().writeTo(out);
  }

  static void echoRequest(int xid, ByteBuf out) {
    OPENFLOW.buildEchoRequest().setXid(xid).setData(new byte[0]).build().writeTo(out);
  }

  static void barrierRequest(int xid, ByteBuf out) {
    OPENFLOW.buildBarrierRequest().setXid(xid).build().writeTo(out);
  }

  static void roleRequest(Role role, long generation, int xid, ByteBuf out) {
    OFControllerRole wanted =
        switch (role) {
          case EQUAL -> OFControllerRole.ROLE_EQUAL;
          case MASTER -> OFControllerRole.ROLE_MASTER;
          case SLAVE -> OFControllerRole.ROLE_SLAVE;
        };
    OPENFLOW
        .buildRoleRequest()
        .setXid(xid)
        .setRole(wanted)
        .setGenerationId(U64.of(generation))
        .build()
        .writeTo(out);
  }

  static void bundleOpen(int bundle, int xid, ByteBuf out) {
    bundleControl(bundle, OFBundleCtrlType.OPEN_REQUEST, xid, out);
  }

  static void bundleClose(int bundle, int xid, ByteBuf out) {
    bundleControl(bundle, OFBundleCtrlType.CLOSE_REQUEST, xid, out);
  }

  static void bundleCommit(int bundle, int xid, ByteBuf out) {
    bundleControl(bundle, OFBundleCtrlType.COMMIT_REQUEST, xid, out);
  }

  static void bundleDiscard(int bundle, int xid, ByteBuf out) {
    bundleControl(bundle, OFBundleCtrlType.DISCARD_REQUEST, xid, out);
  }

  private static void bundleControl(int bundle, OFBundleCtrlType type, int xid, ByteBuf out) {
    OPENFLOW
        .buildBundleCtrlMsg()
        .setXid(xid)
        .setBundleId(BundleId.of(bundle))
        .setBundleCtrlType(type)
        .setFlags(EnumSet.of(OFBundleFlags.ATOMIC, OFBundleFlags.ORDERED))
        .build()
        .writeTo(out);
  }

  /** Whatever openflowj throws on bytes of a peer is the peer's fault. */
  private static <T extends OFMessage> T read(ByteBuf message, Class<T> type) {
    try {
      // openflowj answers null when the length field says more than there is.
      OFMessage read = OPENFLOW.getReader().readFrom(message);
      if (type.isInstance(read)) {
        return type.cast(read);
      }
      throw new OpenFlowFault("not a whole " + type.getSimpleName().substring(2));
    } catch (OpenFlowFault incomplete) {
      throw incomplete;
    } catch (OFParseError | RuntimeException malformed) {
      throw new OpenFlowFault("a malformed " + type.getSimpleName().substring(2), malformed);
    }
  }
}
