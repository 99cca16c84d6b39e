/** Streams as they come over the wire: who may ask, where they go on, and how they end. */
import { nodeForTests, startNode, type TestNode } from "../support/start-node.ts"
import { claimNext, fresh, inputOf, post } from "./support/nodes.ts"

const secret = "a secret of at least thirty-two characters"
const node = nodeForTests({ agents: ["scribe"] })
const locked = nodeForTests({ agents: ["scribe"], secret })
const ada = { "x-everthread-user": "ada" }

interface Told {
  readonly type: string
  readonly delta?: string
  readonly code?: string
  readonly cursor: string | undefined
}

/** Reads a stream until an event fits, or it ends. */
async function read(
  answer: Response,
  isLast: (told: Told, all: readonly Told[]) => boolean = () => false,
): Promise<Told[]> {
  expect(answer.headers.get("content-type")).toContain("text/event-stream")
  const told: Told[] = []
  let text = ""
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const pieces = (text + chunk).split("\n\n")
    text = pieces.pop() ?? ""
    for (const piece of pieces) {
      const [, data = ""] = /^data: (.*)$/m.exec(piece) ?? []
      const [, cursor] = /^id: (.*)$/m.exec(piece) ?? []
      if (data) told.push({ ...(JSON.parse(data) as Told), cursor })
    }
    if (told.some((one) => isLast(one, told))) break
  }
  return told
}

const wordsOf = (told: readonly Told[]) =>
  told.map(({ type, delta }) => (type === "TEXT_MESSAGE_CONTENT" ? delta : "")).join("")

async function answered({ port }: Pick<TestNode, "port">, thread: string, ...pieces: string[]) {
  const answer = await post(port, "", inputOf(thread, "Tell me", "m-1"), ada)
  const run = await claimNext(node(), thread)
  await run.answer(`${run.run}.0`, ...pieces)
  await run.end()
  return { told: await read(answer), run }
}

test("[AGU5] Last-Event-ID goes on behind an event, of a run and of a connection; what has no cursor is told with the next", async () => {
  const thread = fresh()
  const { told } = await answered(node(), thread, "Once ", "upon ", "a time")
  expect(wordsOf(told)).toBe("Once upon a time")
  const words = told.filter(({ type }) => type === "TEXT_MESSAGE_CONTENT")
  for (const [at, { cursor = "" }] of words.entries()) {
    const headers = { ...ada, "last-event-id": cursor }
    const rest = await read(await post(node().port, "", inputOf(thread, "Tell me", "m-1"), headers))
    expect(rest[0]?.type).toBe("RUN_STARTED")
    expect(wordsOf(rest)).toBe(
      words
        .slice(at + 1)
        .map(({ delta }) => delta)
        .join(""),
    )
    expect(rest.at(-1)?.type).toBe("RUN_FINISHED")
    const connection = await post(node().port, "/connect", { threadId: thread }, headers)
    const followed = await read(connection, ({ type }) => type === "RUN_FINISHED")
    expect(wordsOf(followed)).toBe(wordsOf(rest))
    expect(followed.some(({ type }) => type === "MESSAGES_SNAPSHOT")).toBe(false)
  }
})

test("[AGU5] [LIN1] a cursor of nowhere, of another history, or of the very end is told everything", async () => {
  const thread = fresh()
  const { told } = await answered(node(), thread, "Once")
  const end = told.at(-1)?.cursor ?? ""
  for (const cursor of ["no cursor", "3-nowhere", "99-Xyz", end]) {
    const headers = { ...ada, "last-event-id": cursor }
    const run = await read(await post(node().port, "", inputOf(thread, "Tell me", "m-1"), headers))
    expect([wordsOf(run), run.at(-1)?.type]).toEqual(["Once", "RUN_FINISHED"])
    const connection = await post(node().port, "/connect", { threadId: thread }, headers)
    const all = await read(connection, ({ type }) => type === "RUN_FINISHED")
    expect(all.map(({ type }) => type)).toEqual(["RUN_STARTED", "MESSAGES_SNAPSHOT", "RUN_FINISHED"])
  }
})

test("[AGU5] [DLV1] connections are told the same, to the last character", async () => {
  const thread = fresh()
  const [one, other] = await Promise.all(
    ["bob", "eve"].map((name) => post(node().port, "/connect", { threadId: thread }, { "x-everthread-user": name })),
  )
  const attached = new Set<readonly Told[]>()
  const isLast = (_told: Told, all: readonly Told[]) => {
    const isEnd = all.at(-1)?.type === "RUN_FINISHED"
    if (isEnd) attached.add(all)
    return isEnd && wordsOf(all) === "Once upon"
  }
  const reading = Promise.all([read(one as Response, isLast), read(other as Response, isLast)])
  await vi.waitUntil(() => attached.size === 2)
  await answered(node(), thread, "Once ", "upon")
  const [first, second] = await reading
  const fromRun = (told: readonly Told[]) => told.slice(told.findIndex(({ type }) => type === "STEP_STARTED"))
  expect(fromRun(first as Told[]).length).toBeGreaterThan(5)
  expect(fromRun(first as Told[])).toEqual(fromRun(second as Told[]))
})

test("[CON4] a node that leaves says so and ends its streams; the run goes on", async () => {
  const leaving = await startNode({ agents: ["scribe"] })
  const answer = await post(leaving.port, "", inputOf(fresh(), "Tell me", "m-1"), ada)
  const [told] = await Promise.all([read(answer), leaving.server.drain(60_000)])
  expect(told.at(-1)).toMatchObject({ type: "RUN_ERROR", code: "draining" })
  await leaving.stop()
})

describe("with authentication on", () => {
  const bearer = async (user: string) => ({ authorization: `Bearer ${await locked().token(user)}` })

  test("[AGU7] [AUT1] the token says who it is; without one, with a wrong one, or with one in the address nothing is told", async () => {
    const thread = fresh()
    for (const headers of [{}, { authorization: "Bearer a.b.c" }]) {
      for (const path of ["", "/connect", "/stop"]) {
        expect((await post(locked().port, path, inputOf(thread, "Hi", "m-1"), headers as never)).status).toBe(401)
      }
    }
    const token = await locked().token("ada")
    expect((await post(locked().port, `?token=${token}`, inputOf(thread, "Hi", "m-1"))).status).toBe(401)
    const answer = await post(locked().port, "", inputOf(thread, "Hi", "m-1"), await bearer("ada"))
    expect(answer.status).toBe(200)
    await answer.body?.cancel()
    const native = await locked().connect({ user: "ada", token })
    expect((await native.follow(thread)).state.messages[0]?.by?.user).toBe("ada")
  })

  test("[AGU7] [CON5] who is no member is told that and nothing else; who is removed hears no more", async () => {
    const thread = fresh()
    const owner = await locked().connect({ user: "ada", token: await locked().token("ada") })
    await owner.must({ type: "create", key: "c", conversation: thread, agent: "scribe", members: ["bob"] })
    await owner.must({ type: "send", key: "k0", conversation: thread, text: "A secret" })
    const answer = { interruptId: "q", status: "resolved" }
    for (const [path, body] of [
      ["", inputOf(thread, "Hi", "m-1")],
      ["", inputOf(thread, "Hi", "m-1", { resume: [answer] })],
      ["/connect", { threadId: thread }],
      ["/stop", { threadId: thread }],
    ] as const) {
      const refused = await post(locked().port, path, body, await bearer("mallory"))
      expect([path, refused.status]).toEqual([path, 403])
      expect(await refused.text()).not.toContain("secret")
    }
    const stream = await post(locked().port, "/connect", { threadId: thread }, await bearer("bob"))
    const reading = read(stream)
    await owner.must({ type: "send", key: "k1", conversation: thread, text: "for Bob too" })
    await owner.must({ type: "member.remove", key: "r", conversation: thread, user: "bob" })
    await owner.must({ type: "send", key: "k2", conversation: thread, text: "not for Bob" })
    const told = JSON.stringify(await reading)
    expect(told).toContain("A secret")
    expect(told).not.toContain("not for Bob")
    expect(told).toContain("not_member")
  })
})
