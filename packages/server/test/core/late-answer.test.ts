/** An answer that is on its way while its run ends: the end is the last that is said of a run. */
import { bodyOf, type Engine, freshNonce, pageMax } from "@everthread/engine"
import { type EventBody, startCursor, systemClock } from "@everthread/protocol"
import { seededRandom } from "../../../../test/support/seeded-random.ts"
import { createCore } from "../../src/core/create-core.ts"
import { execute } from "../../src/core/dispatch.ts"
import { done, refused } from "../../src/core/outcome.ts"
import { recordingLog } from "../support/quiet-log.ts"
import { nodeForTests } from "../support/start-node.ts"

const current = nodeForTests()
const actor = { user: "ada", device: "phone" }
const random = seededRandom(11)
const connection = {
  subscribe: () => done({ start: () => undefined }),
  unsubscribe: () => false,
  isSubscribed: () => false,
  renew: async () => refused("unauthorized"),
}

const store = ({ log }: Engine, conversation: string, bodies: readonly EventBody[]) =>
  log.append({ conversation, nonce: freshNonce(random), bodies: bodies.map((body) => JSON.stringify(body)) })

/** The engine, where the first answer is overtaken by something that another node stores. */
function overtaken(engine: Engine, conversation: string, bodies: readonly EventBody[]): Engine {
  let isOvertaken = false
  return {
    ...engine,
    log: {
      ...engine.log,
      async append(request) {
        if (!isOvertaken && request.bodies.some((body) => body.includes('"input.responded"'))) {
          isOvertaken = true
          await store(engine, conversation, bodies)
        }
        return engine.log.append(request)
      },
    },
  }
}

async function answerWhile(conversation: string, bodies: readonly EventBody[]) {
  const { engine } = current()
  const core = createCore({
    node: "node-t",
    engine: overtaken(engine, conversation, bodies),
    clock: systemClock,
    random,
    log: recordingLog(),
    agents: { names: [] },
    authenticator: { required: true },
    config: { rateLimit: { sends: 1_000, changes: 1_000, windowMs: 1_000 }, retention: { daysMax: 0, messagesMax: 0 } },
    connections: () => 0,
  })
  await execute({ core, actor, connection }, { type: "create", key: "c", conversation })
  await store(engine, conversation, [
    { type: "message", time: 1, by: actor, id: "m", key: "m", text: "go on", agent: "helper" },
    { type: "run.queued", time: 1, by: actor, run: "r", agent: "helper", message: "m" },
    { type: "run.attempt", time: 1, run: "r", attempt: 1, node: "n" },
    { type: "input.requested", time: 1, run: "r", interrupt: "i", value: "Shall I?" },
    { type: "run.waiting", time: 1, run: "r" },
  ])
  const command = { type: "respond", key: "k", conversation, interrupt: "i", value: "yes" } as const
  const outcome = await execute({ core, actor, connection }, command)
  core.hub.close()
  const page = await engine.log.read(conversation, startCursor, pageMax)
  return { outcome, types: page.status === "tail" ? page.entries.map((entry) => bodyOf(entry).type) : [] }
}

test("[RUN5] an answer that comes behind the end of its run is refused, and not stored", async () => {
  const { outcome, types } = await answerWhile("late-1", [{ type: "run.ended", time: 2, run: "r", outcome: "stopped" }])
  expect(outcome).toMatchObject({ ok: false, error: { code: "not_found", field: "interrupt" } })
  expect(types.at(-1)).toBe("run.ended")
})

test("[RUN5] one that comes behind something else is stored there", async () => {
  const said: EventBody = { type: "message", time: 2, by: actor, id: "m2", key: "m2", text: "well" }
  const { outcome, types } = await answerWhile("late-2", [said])
  expect(outcome).toMatchObject({ ok: true })
  expect(types.slice(-2)).toEqual(["message", "input.responded"])
})
