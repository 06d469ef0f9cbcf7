package io.fynbos.openflow.session;

/** What a controller is to a switch (OpenFlow 1.5 §6.3.6). */
public enum Role {
  EQUAL,
  MASTER,
  SLAVE
}
