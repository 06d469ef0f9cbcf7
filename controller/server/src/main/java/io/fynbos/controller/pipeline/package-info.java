/**
 * The edge pipeline as data: its tables, what each register holds, how a cookie names an object,
 * and a flow builder that refuses ways the tables do not declare. It knows no image and no policy.
 */
@NullMarked
package io.fynbos.controller.pipeline;

import org.jspecify.annotations.NullMarked;
