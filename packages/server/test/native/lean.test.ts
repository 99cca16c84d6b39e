/** Text that goes on comes in a few bytes to whoever can read that, and says the same as it does to the others. */
import { freshNonce } from "@everthread/engine"
import { type EventBody, systemRandom } from "@everthread/protocol"
import { closing, delta, message, opening } from "../support/bodies.ts"
import type { NativeClient } from "../support/native-client.ts"
import { nodeForTests } from "../support/start-node.ts"

const current = nodeForTests()
const words = ["It ", "is ", '"Friday" ', "と ", "土曜日", "\n", "done."]

/** Appends as a run's owner does: each with the nonce behind the one before. */
function owner(conversation: string) {
  let nonce = Number(freshNonce(systemRandom))
  return async (...bodies: readonly EventBody[]) => {
    const stored = bodies.map((body) => JSON.stringify(body))
    await current().engine.log.append({ conversation, nonce: String(nonce++), bodies: stored })
  }
}

async function followers(conversation: string): Promise<{ lean: NativeClient; plain: NativeClient }> {
  const lean = await current().connect({ user: "ada", device: "lean", lean: true })
  const plain = await current().connect({ user: "ada", device: "plain" })
  await lean.must({ type: "create", key: "k", conversation })
  await lean.follow(conversation)
  await plain.follow(conversation)
  return { lean, plain }
}

async function speak(append: (...bodies: EventBody[]) => Promise<void>, id: string): Promise<void> {
  let at = 0
  for (const word of words) {
    await append(delta(id, at, word))
    at += word.length
  }
}

const eventsOf = (client: NativeClient, conversation: string) =>
  client.frames.flatMap((frame) => (frame.type === "events" && frame.conversation === conversation ? [frame] : []))

describe("lean frames", () => {
  test("[FRM5] say what whole ones say: cursors, places and texts are the same", async () => {
    const { lean, plain } = await followers("lean-same")
    const append = owner("lean-same")
    await append(...opening("a"))
    await speak(append, "a")
    await append(closing("a"))
    for (const client of [lean, plain]) await client.until("the end", () => client.log("lean-same").seq === 12)
    expect(eventsOf(lean, "lean-same").map(({ as: _as, ...frame }) => frame)).toEqual(
      eventsOf(plain, "lean-same").map(({ as: _as, ...frame }) => frame),
    )
    expect(lean.log("lean-same").state).toEqual(plain.log("lean-same").state)
    expect(lean.leanFrames).toBe(words.length - 1)
    expect(plain.leanFrames).toBe(0)
  })

  test("[FRM5] what comes in between, or from elsewhere, is whole, and what follows names the alias again", async () => {
    const { lean, plain } = await followers("lean-between")
    const append = owner("lean-between")
    await append(...opening("a"))
    await speak(append, "a")
    await owner("lean-between")(message("hello"))
    let at = words.join("").length
    for (const word of ["one ", "two ", "three"]) {
      await append(delta("a", at, word))
      at += word.length
    }
    // As after a repeat whose answer was lost: the nonces begin anew.
    const again = owner("lean-between")
    for (const word of ["four ", "five "]) {
      await again(delta("a", at, word))
      at += word.length
    }
    const seq = 4 + words.length + 1 + 5
    for (const client of [lean, plain]) await client.until("the end", () => client.log("lean-between").seq === seq)
    expect(lean.log("lean-between").state).toEqual(plain.log("lean-between").state)
    expect(lean.leanFrames).toBe(words.length - 1 + 2 + 1)
  })

  test("[FRM5] a device that comes in the middle begins with a whole frame, and each conversation has its own alias", async () => {
    const [one, two] = [await followers("lean-one"), await followers("lean-two")]
    const appends = [owner("lean-one"), owner("lean-two")]
    for (const append of appends) await append(...opening("a"))
    let at = 0
    for (const word of words) {
      for (const append of appends) await append(delta("a", at, word))
      at += word.length
    }
    await one.lean.follow("lean-two")
    for (const append of appends) await append(delta("a", at, "more "), delta("a", at + 5, "and "))
    for (const append of appends) await append(delta("a", at + 9, "more"))
    const seq = 4 + words.length + 3
    const isDone = () => one.lean.log("lean-one").seq === seq && one.lean.log("lean-two").seq === seq
    await one.lean.until("both ends", isDone)
    await two.plain.until("the end", () => two.plain.log("lean-two").seq === seq)
    expect(one.lean.log("lean-two").state).toEqual(two.plain.log("lean-two").state)
  })
})
