/**
 * Sessions with switches: versions, features, roles, echo, requests with deadlines, bundles, and
 * errors matched to what caused them. Every session has bounds; one that breaks them ends alone. It
 * decides nothing about what a switch should hold.
 */
@NullMarked
package io.fynbos.openflow.session;

import org.jspecify.annotations.NullMarked;
