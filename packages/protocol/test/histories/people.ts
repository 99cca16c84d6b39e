/** What people do. */
import { type EventBody, limits } from "@everthread/protocol"
import { type Act, device, fresh, people, pick, type Step, someone, time, type World } from "./world.ts"

export /** A message is never blank. */
const words = (step: Step) => `so: ${step.text}`

const reactions = ["👍", "❤️", "valueOf", "hasOwnProperty"]

export const join: Act = (world, step) => {
  const user = pick(people, step) ?? "ann"
  if (world.members.includes(user)) return []
  world.members.push(user)
  return [{ type: "member.added", time, by: device("ann"), user, role: "member" }]
}

export const leave: Act = (world, step) => {
  const user = pick(world.members, step)
  if (!user || user === "ann") return []
  world.members = world.members.filter((member) => member !== user)
  return [{ type: "member.removed", time, by: device(user), user }]
}

export const send: Act = (world, step) => {
  const id = fresh(world, "m")
  const replyTo = step.pick % 5 === 0 ? pick(world.messages, step) : undefined
  world.messages.push(id)
  const by = someone(world, step)
  return [{ type: "message", time, by, id, key: `k-${id}`, text: words(step), ...(replyTo ? { replyTo } : {}) }]
}

/** Half a window of messages. */
export const crowd: Act = (world, step) =>
  Array.from({ length: limits.stateMessagesMax / 2 }, () => send(world, step)).flat()

export const ask: Act = (world, step) => {
  if (world.queue.length >= limits.openRunsMax - 1) return []
  const run = fresh(world, "r")
  world.queue.push(run)
  const sent = send(world, step)
  const message = world.messages.at(-1) ?? ""
  return [...sent, { type: "run.queued", time, by: someone(world, step), run, agent: "scribe", message }]
}

const onMessage =
  (make: (message: string, world: World, step: Step) => EventBody): Act =>
  (world, step) => {
    const message = pick(world.messages, step)
    return message === undefined ? [] : [make(message, world, step)]
  }

export const edit = onMessage((message, world, step) => ({
  type: "edit",
  time,
  by: someone(world, step),
  message,
  text: words(step),
}))
export const redact = onMessage((message, world, step) => ({
  type: "redaction",
  time,
  by: someone(world, step),
  message,
}))
export const react = onMessage((message, world, step) => ({
  type: "reaction",
  time,
  by: someone(world, step),
  message,
  reaction: pick(reactions, step) ?? "👍",
  on: step.pick % 3 > 0,
}))
export const read: Act = (world, step) => [{ type: "receipt", time, by: someone(world, step), upTo: step.pick }]

export const promote: Act = (world, step) => {
  const run = pick(world.queue, step)
  if (run === undefined) return []
  world.queue = [run, ...world.queue.filter((other) => other !== run)]
  return [{ type: "run.promoted", time, by: someone(world, step), run }]
}

export const anew: Act = (world, step) => {
  const { last } = world
  if (!last || world.live || world.queue.length >= limits.openRunsMax - 1) return []
  const run = fresh(world, "r")
  // What is answered has to be held, and which of the others are nobody knows here.
  const sent = send(world, step)
  const message = world.messages.at(-1) ?? ""
  world.last = undefined
  world.queue.push(run)
  world.messages = world.messages.filter((id) => !last.messages.includes(id))
  const again = { run: last.run, ...(step.pick % 2 ? { from: "" } : {}) }
  return [
    ...sent,
    { type: "rewind", time, run: last.run, attempt: 1, messages: [...last.messages] },
    { type: "run.queued", time, by: someone(world, step), run, agent: "scribe", message, again },
  ]
}

export const change: Act = (world, step) => [
  {
    type: "conversation.changed",
    time,
    by: someone(world, step),
    ...(step.pick % 2 ? { title: words(step) } : {}),
    ...(step.pick % 3 ? { whenBusy: "steer" } : {}),
  },
]

export const expire: Act = (_world, step) => [{ type: "expired", time, upTo: step.pick }]

export const copy: Act = (world, step) => {
  const id = fresh(world, "m")
  world.messages.push(id)
  const message = {
    id,
    seq: 1,
    doneSeq: 2,
    time,
    role: "assistant",
    status: "streaming",
    run: "other",
    text: "",
  } as const
  const block = { kind: "text", text: step.text, done: false }
  return [{ type: "copied", time, message: { ...message, blocks: [block] } }]
}

export const respond: Act = (world, step) => {
  const asked = pick(world.asked, step)
  if (!asked) return []
  world.asked = world.asked.filter((other) => other !== asked)
  return [{ type: "input.responded", time, by: someone(world, step), ...asked, value: step.text }]
}

export const stop: Act = (world, step) => {
  const run = pick([...world.queue, ...(world.live ? [world.live.id] : [])], step)
  return run === undefined ? [] : [{ type: "run.stop", time, by: someone(world, step), run }]
}
