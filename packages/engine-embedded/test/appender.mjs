/**
 * Appends to the folder that it is given until it is killed, and says what was acknowledged, a line each.
 * Every append carries facts that have to appear or be missing together with its entries. Runs the built package.
 */
import { writeSync } from "node:fs"
import { openEmbeddedEngine } from "@everthread/engine-embedded"

const [folder, round] = process.argv.slice(2)
const engine = await openEmbeddedEngine({ folder })
const say = (ack) => writeSync(1, `${JSON.stringify(ack)}\n`)
say({ open: true })

const conversations = ["a", "b", "c"]
const appendersEach = 6
let counter = 0

for (const conversation of conversations) {
  await engine.log.create({
    conversation,
    nonce: "nonceOfBegin",
    bodies: [JSON.stringify({ begin: true })],
    members: [],
  })
}

/** One append of one to four entries; `last` is a chain that only one appender of a conversation continues. */
async function append(conversation, last) {
  const id = `${round}-${counter++}`
  const of = 1 + (counter % 4)
  const result = await engine.log.append({
    conversation,
    nonce: `nonce${id.replace("-", "x")}`,
    bodies: Array.from({ length: of }, (_, index) => JSON.stringify({ id, index, of, chained: last !== undefined })),
    idempotency: { key: id, digest: "d", ref: id },
    members: [{ user: id, role: "member" }],
    runs: [{ run: id, state: "open" }],
    ...(last === undefined ? {} : { expect: { name: "last", is: last, becomes: id } }),
  })
  if (result.status !== "appended") throw new Error(`an append that is new was ${result.status}`)
  say({ conversation, id, seq: result.seq, cursor: result.cursor, first: result.first })
  return id
}

async function chain(conversation) {
  let last = await engine.log.value(conversation, "last")
  for (;;) last = await append(conversation, last)
}

async function free(conversation) {
  for (;;) await append(conversation)
}

for (const conversation of conversations) {
  chain(conversation)
  for (let index = 1; index < appendersEach; index++) free(conversation)
}
