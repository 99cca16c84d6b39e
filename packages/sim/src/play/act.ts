/** What people do, as a plan says. */

import { steeringMark, theAnswer } from "../node/script.ts"
import { agentName } from "../node/scripted-graph.ts"
import type { Doing } from "../plan/plan.ts"
import type { World } from "./world.ts"

/** Where something is done. */
export interface Place {
  readonly conversation: string
  /** Whether it is one of several. */
  readonly isOneOfMany: boolean
}

export function act(world: World, { conversation, isOneOfMany }: Place, doing: Doing): void {
  const device = world.devices[doing.device]
  // Nobody can write on a device whose program has ended.
  if (!device || device.host.isDead) return
  const watched = device.follow(conversation)
  world.timeline.note(device.name, `${doing.type}${"user" in doing ? ` ${doing.user}` : ""} in ${conversation}`)
  switch (doing.type) {
    case "write": {
      const written = device.written(conversation)
      const text = `${conversation} ${device.name} ${written + 1}`
      // Where there are several, the same in each: a key is known within its conversation only. (SPEC ACK3)
      const key = isOneOfMany ? { key: `${device.device}-${written + 1}` } : {}
      if (!doing.agent) return watched.write(text, key)
      const { whenBusy } = doing
      return watched.write(asking(text, written, whenBusy === "steer"), {
        ...key,
        agent: agentName,
        ...(whenBusy && { whenBusy }),
      })
    }
    case "answer":
      return answerOne(watched.conversation)
    case "stop":
      return void watched.conversation.stop().catch(() => undefined)
    case "remove":
      return void watched.conversation.removeMember(doing.user).catch(() => undefined)
    case "add":
      return void watched.conversation.addMember(doing.user).catch(() => undefined)
  }
}

/** Every other one is answered with a question first, and two of three with something that has consequences. */
function asking(text: string, written: number, isSteering: boolean): string {
  const marks = `${written % 2 === 0 ? "?" : ""}${written % 3 === 0 ? "" : "!"}`
  return `${text}${marks}${isSteering ? steeringMark : ""}`
}

type Conversation = ReturnType<World["devices"][number]["follow"]>["conversation"]

export function answerOne(shown: Conversation): void {
  const open = shown.snapshot().state.interrupts.find(({ answer }) => answer === undefined)
  if (open) void shown.respond(open.id, theAnswer).catch(() => undefined)
}
