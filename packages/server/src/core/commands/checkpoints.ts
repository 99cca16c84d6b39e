/** Commands about an agent's checkpoints: list them, look at one, fork a conversation from one. */
import { refused } from "../outcome.ts"
import type { HandlersOf } from "./handler.ts"

export const checkpointHandlers: HandlersOf<"checkpoints" | "checkpoint" | "fork"> = {
  async checkpoints() {
    return refused("unavailable", { message: "This server does not list checkpoints yet." })
  },
  async checkpoint() {
    return refused("unavailable", { message: "This server does not show checkpoints yet." })
  },
  async fork() {
    return refused("unavailable", { message: "This server does not fork conversations yet." })
  },
}
