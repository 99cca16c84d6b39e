/** What our devices say, and how they know that they are live. */
import { protocolVersion } from "@everthread/protocol"
import type { Coming } from "./coming.ts"

export const ourPath = "/v1"
export const liveMark = '{"type":"upToDate"'

/** @param cursor where it was when it went; `undefined`: it was never here. */
export function backAt(device: string, conversation: string, cursor: string | undefined): readonly string[] {
  return [
    JSON.stringify({ type: "hello", protocol: protocolVersion, user: "ada", device, lean: true }),
    JSON.stringify({ type: "subscribe", id: 1, conversation, cursor }),
  ]
}

export function ours(
  port: number,
  says: Coming["says"],
  more: Partial<Pick<Coming, "from" | "startsMs" | "heard">> = {},
): Coming {
  return { ask: "come", port, path: ourPath, says, mark: liveMark, marks: 1, from: "open", heard: "nothing", ...more }
}
