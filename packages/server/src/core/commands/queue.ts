/** Commands about what waits for a busy agent. */
import { refused } from "../outcome.ts"
import type { HandlersOf } from "./handler.ts"

export const queueHandlers: HandlersOf<"promote" | "conversation.update"> = {
  async promote() {
    return refused("unavailable", { message: "This server does not promote runs yet." })
  },
  async "conversation.update"() {
    return refused("unavailable", { message: "This server does not change conversations yet." })
  },
}
