/** The commands about checkpoints on a history that a test makes up: its bounds, and a node that has none. */
import { freshNonce } from "@everthread/engine"
import { limits, systemClock } from "@everthread/protocol"
import { seededRandom } from "../../../../test/support/seeded-random.ts"
import type { CheckpointHistory } from "../../src/core/checkpoint-history.ts"
import type { Command, CommandOf } from "../../src/core/command.ts"
import type { ConnectionPort } from "../../src/core/commands/handler.ts"
import { createCore } from "../../src/core/create-core.ts"
import { execute } from "../../src/core/dispatch.ts"
import { madeUpId } from "../../src/core/new-conversation.ts"
import { done, refused } from "../../src/core/outcome.ts"
import { recordingLog } from "../support/quiet-log.ts"
import { nodeForTests } from "../support/start-node.ts"

const current = nodeForTests()
const connection: ConnectionPort = {
  subscribe: () => done({ start: () => undefined }),
  unsubscribe: () => false,
  isSubscribed: () => false,
  renew: async () => refused("unauthorized"),
}
const entry = { checkpoint: "cp", time: 0, step: 0, next: [] }
let made = 0

/** A conversation of ada's on a node with this history. */
async function talk(history?: Partial<CheckpointHistory>) {
  const nothing = async () => undefined
  const list = async () => ({ checkpoints: [], more: false })
  const core = createCore({
    node: "node-t",
    engine: current().engine,
    clock: systemClock,
    random: seededRandom(++made),
    log: recordingLog(),
    agents: { names: ["scribe"] },
    authenticator: { required: true },
    config: { rateLimit: { sends: 100, changes: 100, windowMs: 600_000 }, retention: { daysMax: 0, messagesMax: 0 } },
    connections: () => 0,
    checkpoints: history && { list, read: nothing, copy: nothing, ...history },
  })
  const conversation = `h-${made}`
  const actor = { user: "ada", device: "phone" }
  const run = (command: Command) => execute({ core, actor, connection }, command as CommandOf<Command["type"]>)
  await run({ type: "create", key: "made", conversation, agent: "scribe" })
  return { core, conversation, run }
}

test("[HIS2] a state that is larger than a page may carry is refused whole, with the limit", async () => {
  const values = "x".repeat(limits.checkpointCharsMax - 1)
  const { conversation, run } = await talk({ read: async () => ({ checkpoint: entry, values }) })
  const outcome = await run({ type: "checkpoint", conversation, checkpoint: "cp" })
  expect(outcome).toMatchObject({ ok: false, error: { code: "limit_reached", limit: limits.checkpointCharsMax } })
  const fits = await talk({ read: async () => ({ checkpoint: entry, values: values.slice(1) }) })
  expect(await fits.run({ type: "checkpoint", conversation: fits.conversation, checkpoint: "cp" })).toMatchObject({
    ok: true,
    result: { checkpoint: entry, values: values.slice(1) },
  })
})

test("[HIS1] [ERR1] a node that was given no checkpoints says so, and asks nobody to try again", async () => {
  const { conversation, run } = await talk()
  for (const command of [
    { type: "checkpoints", conversation },
    { type: "checkpoint", conversation, checkpoint: "cp" },
    { type: "fork", key: "f", conversation },
  ] as const)
    expect(await run(command)).toMatchObject({ ok: false, error: { code: "unknown_command", retryable: false } })
})

test("[HIS4] a copy that another request of the same key has made is not forked on", async () => {
  const { conversation, run } = await talk({ copy: async () => ({ ...entry, checkpoint: "another" }) })
  const fork = { type: "fork", key: "f", conversation, checkpoint: "cp" } as const
  expect(await run(fork)).toMatchObject({ ok: false, error: { code: "key_reused" } })
})

test("[HIS4] [ACK3] a repeat is answered with the first one's place, whatever has become of the checkpoint", async () => {
  let copies = 0
  const { conversation, run, core } = await talk({
    async copy() {
      copies += 1
      return copies === 1 ? entry : undefined
    },
  })
  const fork = { type: "fork", key: "f", conversation, checkpoint: "cp" } as const
  const first = await run(fork)
  expect(first).toMatchObject({ ok: true, result: { duplicate: false } })
  expect(await run(fork)).toEqual({ ...first, result: { ...(first.ok ? first.result : {}), duplicate: true } })
  expect(await run({ ...fork, key: "g" })).toMatchObject({ ok: false, error: { code: "not_found" } })
  const id = first.ok && "conversation" in first.result ? first.result.conversation : ""
  expect(await core.engine.log.value(String(id), "title")).toBeNull()
})

test("[CON5] [HIS3] whoever is removed while the thread is copied gets no fork", async () => {
  let remove: () => Promise<unknown> = async () => undefined
  const { conversation, run, core } = await talk({
    async copy() {
      await remove()
      return entry
    },
  })
  remove = () => {
    const removed = { type: "member.removed", time: 0, by: { user: "bob", device: "d" }, user: "ada" }
    const members = [{ user: "ada", role: null }]
    const bodies = [JSON.stringify(removed)]
    return core.engine.log.append({ conversation, nonce: freshNonce(core.random), bodies, members })
  }
  const fork = { type: "fork", key: "removed", conversation, checkpoint: "cp" } as const
  expect(await run(fork)).toMatchObject({ ok: false, error: { code: "not_member" } })
  expect(await core.engine.log.head(madeUpId({ user: "ada", device: "phone" }, "removed"))).toBeUndefined()
})

test("[HIS3] no thread is copied into a conversation that is there", async () => {
  let copies = 0
  const { conversation, run } = await talk({
    async copy() {
      copies += 1
      return entry
    },
  })
  const taken = madeUpId({ user: "ada", device: "phone" }, "taken")
  expect(await run({ type: "create", key: "another", conversation: taken, agent: "scribe" })).toMatchObject({
    ok: true,
  })
  const fork = { type: "fork", key: "taken", conversation, checkpoint: "cp" } as const
  expect(await run(fork)).toMatchObject({ ok: false, error: { code: "key_reused" } })
  expect(copies).toBe(0)
})

test("[HIS1] only few ask at once", async () => {
  let asking = 0
  let most = 0
  const { conversation, run } = await talk({
    async list() {
      most = Math.max(most, ++asking)
      await new Promise<void>((resolve) => setImmediate(resolve))
      asking -= 1
      return { checkpoints: [], more: false }
    },
  })
  const all = await Promise.all(Array.from({ length: 10 }, () => run({ type: "checkpoints", conversation })))
  expect(all.every(({ ok }) => ok)).toBe(true)
  expect(most).toBe(2)
})
