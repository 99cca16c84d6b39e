/**
 * What people wrote, with the text that each message had first: one that was edited or taken back since is known by its
 * author's key, which no change takes away.
 */
import type { By } from "@everthread/protocol"
import { type History, nameOf } from "../history/history.ts"

export interface Written {
  readonly text: string
  readonly seq: number
  readonly by: By | undefined
}

export function writtenIn({ devices, fresh }: Pick<History, "devices" | "fresh">): readonly Written[] {
  const texts = new Map<string, string>()
  for (const device of devices) {
    for (const { key, text } of device.sent) if (key !== undefined) texts.set(`${nameOf(device)} ${key}`, text)
  }
  return fresh.messages.flatMap(({ role, seq, by, key, text, edited, redacted }): Written[] => {
    if (role !== "user") return []
    const first = edited || redacted ? texts.get(`${by ? nameOf(by) : ""} ${key}`) : undefined
    return [{ text: first ?? text, seq, by }]
  })
}
