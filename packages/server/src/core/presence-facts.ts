/**
 * Tells the others that a device came or went. It has no place in the log and may be lost; nothing waits for it.
 *
 * Connections tell of their own devices. Of devices that went with another node, and of those that are back after this
 * node was out of touch, the engine tells one node, which tells everybody.
 */
import type { Actor, Core } from "./core.ts"

export async function publishPresence(
  { engine }: Pick<Core, "engine">,
  conversation: string,
  { user, device }: Actor,
  on: boolean,
): Promise<void> {
  await engine.log.publish(conversation, JSON.stringify({ type: "presence", by: { user, device }, on }))
}

/** Passes on what the engine tells of devices whose connections say nothing. @returns stops it. */
export function relayPresence(core: Pick<Core, "engine" | "logger">): () => void {
  const relay = (on: boolean) => (conversation: string, device: Actor) => {
    publishPresence(core, conversation, device, on).catch((error: unknown) =>
      core.logger.debug({ err: error, conversation }, "presence was not told"),
    )
  }
  const stops = [core.engine.presence.onGone(relay(false)), core.engine.presence.onBack(relay(true))]
  return () => {
    for (const stop of stops) stop()
  }
}
