/**
 * The appends that are measured, each through the engine's own port, as the server and the agent make them.
 *
 * A lane has a conversation of its own with four members, and, where it speaks as a run, a fence on it.
 */
import { createHash } from "node:crypto"
import { type AppendRequest, type EventLog, type Fence, freshNonce } from "@everthread/engine"
import type { RedisEngine } from "@everthread/engine-redis"
import type { Random } from "@everthread/protocol"
import type { Operation } from "../measure/lanes.ts"

export interface Lane {
  readonly engine: RedisEngine
  readonly conversation: string
}

const members = ["u1", "u2", "u3", "u4"]
const idChars = 10
/** As the server's. */
const digestChars = 22

/** @returns `count` conversations, dealt out to the nodes by turns. */
export function createLanes(nodes: readonly RedisEngine[], count: number, random: Random): Promise<Lane[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const engine = nodes[index % nodes.length]
      if (!engine) throw new Error("there is no node")
      const conversation = random.id(idChars)
      await createConversation(engine.log, conversation, random)
      return { engine, conversation }
    }),
  )
}

export async function createConversation(log: EventLog, conversation: string, random: Random): Promise<void> {
  const result = await log.create({
    conversation,
    nonce: freshNonce(random),
    bodies: [JSON.stringify({ type: "conversation", by: { user: "u1", device: "d1" } })],
    members: members.map((user, index) => ({ user, role: index === 0 ? "owner" : "member" })),
  })
  if (result.status !== "created") throw new Error(`the conversation was not created: ${result.status}`)
}

/** Appends bodies as the next ones of a run. */
export type RunOutput = (bodies: readonly string[]) => Promise<void>

/** @returns what a run says that owns the conversation from now on: under its fence, counted. */
export async function runIn({ engine, conversation }: Lane, random: Random): Promise<RunOutput> {
  const fence = await claim({ engine, conversation }, random)
  // Counted, as an agent worker's are: a device that has one knows the next, so that more text needs no frame around it.
  const firstNonce = Number(freshNonce(random))
  let n = 0
  return (bodies) => append(engine, { conversation, nonce: String(firstNonce + n), bodies, fence, n: n++ })
}

/** Every lane a run that says the same bodies again and again. */
export async function outputs(lanes: readonly Lane[], bodies: readonly string[], random: Random): Promise<Operation> {
  const runs = await Promise.all(lanes.map((lane) => runIn(lane, random)))
  return (index) => mustGet(runs, index)(bodies)
}

/** What a person sends: only as a member, and only once for each key. */
export function sends(
  lanes: readonly Lane[],
  body: string,
  random: Random,
  more: Partial<AppendRequest> = {},
): Operation {
  let sent = 0
  const digest = createHash("sha256").update(body).digest("base64url").slice(0, digestChars)
  return async (index) => {
    const { engine, conversation } = mustGet(lanes, index)
    const idempotency = { key: `u1 d1 ${(sent++).toString(36).padStart(idChars, "-")}`, digest, ref: refOf(sent) }
    const nonce = freshNonce(random)
    await append(engine, { conversation, nonce, bodies: [body], member: "u1", idempotency, ...more })
  }
}

/** As long as the id of a message. */
const refOf = (count: number): string => count.toString(36).padStart(12, "-")

async function claim({ engine, conversation }: Lane, random: Random): Promise<Fence> {
  const run = random.id(idChars)
  const nonce = freshNonce(random)
  await append(engine, { conversation, nonce, bodies: ['{"type":"run.queued"}'], runs: [{ run, state: "open" }] })
  const request = { conversation, run, node: "bench", nonce: random.id(idChars), instead: undefined }
  const fence = await engine.leases.claim(request)
  if (!fence) throw new Error("the run could not be claimed")
  return fence
}

async function append({ log }: RedisEngine, request: AppendRequest): Promise<void> {
  const { status } = await log.append(request)
  if (status !== "appended") throw new Error(`the append was answered with ${status}`)
}

function mustGet<T>(list: readonly T[], index: number): T {
  const item = list[index]
  if (item === undefined) throw new Error(`there is no lane ${index}`)
  return item
}
