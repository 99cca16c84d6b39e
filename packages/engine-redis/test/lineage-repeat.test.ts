/**
 * An append whose answer was lost together with its server, and which is repeated on a server that lacks it: there it
 * may come to the very same place, behind other entries. Whoever saw the first one is in another history.
 */
import type { AppendRequest, Fence } from "@everthread/engine"
import { seqOf } from "@everthread/protocol"
import { haveAllOf, promote, startRedis, startReplica, until } from "@everthread/stage"
import { FaultyWay } from "./delivery-support/faulty-way.ts"
import { append, begin, nonce, startNode } from "./delivery-support/nodes.ts"

// Long: an owner that gives up its silent server would ask it again.
const options = { durability: "memory", deadlineMs: 20_000 } as const
const page = { entriesMax: 10, charsMax: 10_000 }
const opened = [{ run: "r", state: "open" as const }]

/** A master, and a replica that follows it until it is told to be one. */
async function pair() {
  const master = await startRedis()
  const replica = await startReplica(master)
  const way = await FaultyWay.start(master.port)
  const [owner, other] = [await startNode(way.url, options), await startNode(master.url, options)]
  const conversation = await begin(other.engine)
  await append(other.engine, conversation, "asked", { runs: opened })
  const claim = { conversation, run: "r", node: "n", nonce: nonce(), instead: undefined }
  const fence = (await owner.engine.leases.claim(claim)) as Fence
  // So that the master knows the script: what it does not know is asked twice, and the first answer is held back, too.
  await append(owner.engine, conversation, "begun", { fence, n: 0 })
  await haveAllOf(master, [replica])
  await promote(replica)
  const heir = await startNode(replica.url, options)
  return {
    ...{ way, owner: owner.engine, other: other.engine, heir: heir.engine, conversation, fence },
    /** From now on the owner is led to the heir. */
    async replace() {
      way.target = replica.port
      way.cut()
    },
    async stop() {
      await Promise.all([owner, other, heir].map(({ engine }) => engine.close()))
      await way.close()
      await Promise.all([master.stop(), replica.stop()])
    },
  }
}

const kinds: readonly [string, (fence: Fence) => Partial<AppendRequest>][] = [
  ["a person's send", () => ({ idempotency: { key: "k", digest: "d" } })],
  ["a run's output", (fence) => ({ fence, n: 1 })],
  ["a run's end", (fence) => ({ fence, n: 1, runs: [{ run: "r", state: "done" }] })],
]

test.each(kinds)("[LIN1] [LOG2] %s that is repeated behind other entries has another cursor", async (_, more) => {
  const { way, owner, other, heir, conversation, fence, replace, stop } = await pair()
  const before = await append(other, conversation, "seen, and lost")
  way.mute()
  const repeated = append(owner, conversation, "said", more(fence))
  const held = await until("the first master to have it", async () => {
    const head = await other.log.head(conversation)
    return before.status === "appended" && head !== before.cursor && head
  })
  await append(heir, conversation, "said elsewhere meanwhile")
  await replace()
  const result = await repeated
  expect(result).toMatchObject({ status: "appended", seq: seqOf(held) })
  expect(await heir.log.head(conversation)).toBe(result.status === "appended" && result.cursor)
  expect(await heir.log.read(conversation, held, page)).toMatchObject({ status: "diverged" })
  await stop()
})

test("[LOG2] [ACK3] one that is repeated where it was done keeps its first place", async () => {
  const { way, owner, other, conversation, stop } = await pair()
  const before = await other.log.head(conversation)
  way.mute()
  const repeated = append(owner, conversation, "said", { idempotency: { key: "k", digest: "d", ref: "made" } })
  const held = await until("the master to have it", async () => {
    const head = await other.log.head(conversation)
    return head !== before && head
  })
  way.cut()
  expect(await repeated).toEqual({ status: "duplicate", cursor: held, seq: seqOf(held), ref: "made" })
  expect(await other.log.head(conversation)).toBe(held)
  await stop()
})
