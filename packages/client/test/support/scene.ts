/** A conversation that is followed, and the loss of its connection. */
import { settled } from "../../../../test/support/manual-clock.ts"
import type { Conversation } from "../../src/index.ts"
import { message, snapshot, upToDate } from "./frames.ts"
import { openWorld, type World } from "./world.ts"

export interface Scene extends World {
  readonly c: Conversation
}

/** A conversation that is live at `2-b` with two messages. */
export async function liveScene(): Promise<Scene> {
  const world = await openWorld()
  const c = world.client.conversation("c")
  const socket = world.sockets.newest
  socket.answer("subscribe", { conversation: "c" })
  socket.receive(snapshot("fresh", "2-b", message(1, "one"), message(2, "two")))
  socket.receive(upToDate("2-b"))
  return { ...world, c }
}

export async function reconnect({ client, sockets }: World): Promise<void> {
  sockets.newest.end(1006)
  client.wake()
  await settled()
  sockets.newest.welcome()
  await settled()
}
