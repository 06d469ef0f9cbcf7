package io.fynbos.agent.link;

/** One server-sent event: its type ({@code message} unless named) and its data. */
public record SseEvent(String type, String data) {}
