/** What can be typed about the queue: who waits, and what becomes of a message to a busy agent. */
import type { WhenBusy } from "@everthread/client"
import { isOpen, isWaitingItsTurn, type Run } from "@everthread/protocol"
import { briefly, cleanLine } from "./clean.ts"
import type { ChatCommand, CommandContext } from "./commands.ts"

const policies = ["enqueue", "steer", "interrupt", "reject"] as const satisfies readonly WhenBusy[]

type QueueCommand = "queue" | "cancel" | "promote" | "busy" | "send"

export const queueCommands: { readonly [N in QueueCommand]: ChatCommand } = {
  queue: { run: showQueue },
  cancel: { takes: "N", run: (context, argument) => withRun(context, argument, "cancel") },
  promote: { takes: "N", run: (context, argument) => withRun(context, argument, "promote") },
  busy: { takes: "[POLICY]", run: changePolicy },
  send: { takes: "POLICY TEXT", run: sendSo },
}

function showQueue(context: CommandContext): undefined {
  const { conversation, texts, say } = context
  const { state, queue } = conversation.snapshot()
  for (const run of state.runs) {
    if (isOpen(run) && !isWaitingItsTurn(run)) say(texts.underWay(run.agent, textOfRun(context, run)))
  }
  for (const [index, run] of queue.entries()) say(`${index + 1}. ${cleanLine(run.by.user)}: ${textOfRun(context, run)}`)
  if (queue.length === 0) say(texts.nobodyWaits)
}

function textOfRun({ conversation }: CommandContext, run: Run): string {
  return briefly(conversation.snapshot().messages.find(({ id }) => id === run.message)?.text ?? run.id)
}

/** @param argument its number, as `/queue` counts. */
function withRun(context: CommandContext, argument: string, what: "cancel" | "promote"): Promise<unknown> | undefined {
  const { conversation, texts, say } = context
  const run = conversation.snapshot().queue[Number(argument) - 1]
  if (run) return conversation[what](run.id)
  say(texts.whichOfQueue)
  return undefined
}

function changePolicy({ conversation, texts, say }: CommandContext, argument: string): Promise<unknown> | undefined {
  const policy = policyOf(argument)
  if (policy) return conversation.update({ whenBusy: policy })
  say(texts.policy(conversation.snapshot().state.whenBusy ?? "enqueue", policies.join(", ")))
  return undefined
}

function sendSo({ conversation, agent, texts, say }: CommandContext, argument: string): Promise<unknown> | undefined {
  const name = /^\S*/.exec(argument)?.[0] ?? ""
  const whenBusy = policyOf(name)
  const text = argument.slice(name.length).trimStart()
  if (whenBusy && text !== "") return conversation.send(text, { whenBusy, ...(agent === undefined ? {} : { agent }) })
  say(texts.howToSend(policies.join(", ")))
  return undefined
}

function policyOf(name: string): WhenBusy | undefined {
  return policies.find((policy) => policy === name)
}
