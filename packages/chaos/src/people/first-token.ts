/** The moment at which somebody who has asked the agent sees it begin to speak. */
import type { Conversation } from "@everthread/client"
import { type ChatMessage, type LogEvent, textOf } from "@everthread/protocol"
import type { Device } from "./device.ts"

/** @returns whether a run that answers this text was seen to speak; false where it ended, or the conversation was closed, before. */
export async function firstTokenOf(
  conversation: Conversation,
  text: string,
  { user, device }: Pick<Device, "user" | "device">,
): Promise<boolean> {
  let message: string | undefined
  let run: string | undefined
  const isOver = (event: LogEvent): boolean => {
    if (event.type === "message" && event.text === text && event.by.user === user && event.by.device === device)
      message = event.id
    if (event.type === "run.queued" && event.message === message) run = event.run
    return event.type === "run.ended" && event.run === run
  }
  for await (const update of conversation.events()) {
    const isEnded = update.type === "events" && update.events.filter(isOver).length > 0
    if (run !== undefined && speaks(update.state.messages, run)) return true
    if (isEnded) return false
  }
  return false
}

function speaks(messages: readonly ChatMessage[], run: string): boolean {
  return messages.some((message) => message.run === run && textOf(message) !== "")
}
