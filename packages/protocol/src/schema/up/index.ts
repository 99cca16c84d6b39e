/** Everything a client may send on the native protocol, one file for each kind. */
import * as z from "zod"
import { connectionCommands } from "./connection.ts"
import { conversationCommands } from "./conversation.ts"
import { messageCommands } from "./message.ts"
import { runCommands } from "./run.ts"

export { hello } from "./connection.ts"

export const upFrame = z.discriminatedUnion("type", [
  ...connectionCommands,
  ...conversationCommands,
  ...messageCommands,
  ...runCommands,
])
export type UpFrame = z.infer<typeof upFrame>
export type UpFrameType = UpFrame["type"]
export type UpFrameOf<T extends UpFrameType> = Extract<UpFrame, { type: T }>
