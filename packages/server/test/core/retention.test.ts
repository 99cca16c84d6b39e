/** What of a conversation expires, and that it is gone then: on a real store, looked into from below. */
import type { Engine } from "@everthread/engine"
import { type ChatMessage, type EventBody, emptyState, type LogEvent, reduceAll } from "@everthread/protocol"
import * as fc from "fast-check"
import { compactionOf } from "../../src/core/compaction.ts"
import { closing, opening, queued, time } from "../support/bodies.ts"
import { rawEmbedded } from "../support/raw-store.ts"
import { begin, engineForTests, retentionOn, said, type Talk, textOf } from "../support/retention-bench.ts"

const engine = engineForTests()

const namesOf = (messages: readonly Pick<ChatMessage, "id">[]) => messages.map(({ id }) => id.replace(/^m-/, ""))
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `${from + at}`)

/** Which of these names' texts the store still holds. */
function foundOf(names: readonly string[]): string[] {
  const raw = rawEmbedded(engine())
  return names.filter((name) => raw.includes(textOf(name)))
}

/** The events of the conversation's log from now on, as a device that stays connected gets them. */
async function followed({ conversation }: Talk): Promise<() => readonly LogEvent[]> {
  const events: LogEvent[] = []
  await engine().log.listen(conversation, {
    appended({ entries }) {
      for (const { body, seq } of entries) events.push({ ...(JSON.parse(body) as EventBody), seq } as LogEvent)
    },
    ephemeral() {},
    missed() {},
  })
  return () => events
}

describe("retention by age", () => {
  test("[RET1] [RET2] what is old expires, with a word in the log, and is gone from log, snapshot and archive", async () => {
    const talk = await begin(engine())
    const all = range(0, 260).map((at) => `${talk.conversation}/${at}`)
    const old = all.slice(0, 40)
    await talk.write(...all.map((name, at) => said(name, at < 40 ? 31 : 3)))
    await talk.compact()
    await talk.write(said("late", 2))
    expect(foundOf(old)).toEqual(old)
    await retentionOn(engine(), { daysMax: 30 }).enforce(talk.conversation)
    const { state } = await talk.folded()
    expect(state).toMatchObject({ expiredUpTo: 41, messageCount: 221 })
    expect(namesOf(await talk.history())).toEqual([...all.slice(40), "late"])
    expect(foundOf(old)).toEqual([])
    expect(foundOf(all.slice(40))).toEqual(all.slice(40))
  })

  test("[RET2] also what was said again in an edit, and what was shown and taken back, leaves the log", async () => {
    const talk = await begin(engine())
    const by = { user: "ada", device: "phone" }
    const taken = textOf(`${talk.conversation}/taken`)
    const delta = (id: string, text: string): EventBody => ({ type: "delta", message: id, block: 0, at: 0, text })
    await talk.write(said("asked", 40), queued("r", "m-asked"), ...opening("try", "r"), delta("try", taken))
    await talk.write({ type: "rewind", time, run: "r", attempt: 2, messages: ["try"] })
    await talk.write({ type: "run.ended", time, run: "r", outcome: "failed" })
    await talk.write(said("new"), {
      type: "edit",
      time,
      by,
      message: "m-asked",
      text: textOf(`${talk.conversation}/edit`),
    })
    await retentionOn(engine(), { daysMax: 30 }).enforce(talk.conversation)
    expect(foundOf([`${talk.conversation}/taken`, `${talk.conversation}/edit`])).toEqual([])
    expect(namesOf(await talk.history())).toEqual(["new"])
  })

  test("[RET1] nothing is written where nothing is due, however often it is looked at", async () => {
    const talk = await begin(engine())
    await talk.write(said("old", 40), said("young", 29))
    const retention = retentionOn(engine(), { daysMax: 30 })
    await retention.enforce(talk.conversation)
    const head = await engine().log.head(talk.conversation)
    for (let again = 0; again < 3; again++) await retention.enforce(talk.conversation)
    expect(await engine().log.head(talk.conversation)).toBe(head)
    const empty = await begin(engine())
    await retention.enforce(empty.conversation)
    expect(await empty.entries()).toHaveLength(1)
    await retention.enforce("nowhere")
  })

  test("[RET1] when everything has expired there is nothing, and nothing older to page to", async () => {
    const talk = await begin(engine())
    await talk.write(...range(0, 300).map((name) => said(name, 50)))
    await talk.compact()
    await retentionOn(engine(), { daysMax: 30 }).enforce(talk.conversation)
    const { state } = await talk.folded()
    expect(state).toMatchObject({ messages: [], older: false, messageCount: 0 })
    expect(await talk.history()).toEqual([])
    await talk.write(said("anew"))
    expect(namesOf(await talk.history())).toEqual(["anew"])
  })

  test("[RET5] a message of a clock that ran ahead keeps those behind it, one of a clock set back takes none along", async () => {
    const talk = await begin(engine())
    await talk.write(said("old", 40), said("ahead", -400), said("old too", 40), said("back", 20_000), said("new"))
    await retentionOn(engine(), { daysMax: 30 }).enforce(talk.conversation)
    expect(namesOf(await talk.history())).toEqual(["ahead", "old too", "back", "new"])
  })
})

describe("retention by number", () => {
  test("[RET1] [RET2] the newest stay, once there is an eighth too many", async () => {
    const talk = await begin(engine())
    const retention = retentionOn(engine(), { messagesMax: 240 })
    const all = range(0, 271).map((at) => `${talk.conversation}/${at}`)
    await talk.write(...all.slice(0, 270).map((name) => said(name)))
    await retention.enforce(talk.conversation)
    expect(await talk.history()).toHaveLength(270)
    await talk.compact()
    await talk.write(said(all[270] ?? ""))
    await retention.enforce(talk.conversation)
    expect(namesOf(await talk.history())).toEqual(all.slice(31))
    expect(foundOf(all)).toEqual(all.slice(31))
  })
})

describe("what an open run needs", () => {
  const ended: EventBody = { type: "run.ended", time, run: "r", outcome: "completed" }

  test("[RET3] it stays until the run has ended, and goes with the next look", async () => {
    const talk = await begin(engine())
    const [asked, other] = [`${talk.conversation}/asked`, `${talk.conversation}/other`]
    await talk.write(said(asked, 40), queued("r", `m-${asked}`), said(other, 40), ...opening("said", "r"))
    const retention = retentionOn(engine(), { daysMax: 30, messagesMax: 1 })
    for (let again = 0; again < 3; again++) await retention.enforce(talk.conversation)
    expect(namesOf(await talk.history())).toEqual([asked, "said"])
    expect(foundOf([asked, other])).toEqual([asked])
    await talk.write(closing("said", "r"), ended)
    await retention.enforce(talk.conversation)
    expect(namesOf(await talk.history())).toEqual(["said"])
    expect(foundOf([asked, other])).toEqual([])
  })

  test("[RET3] one that has expired and leaves the window afterwards is not archived", async () => {
    const talk = await begin(engine())
    const asked = `${talk.conversation}/asked`
    await talk.write(said(asked, 40), queued("r", `m-${asked}`), said("other", 40))
    await retentionOn(engine(), { daysMax: 30 }).enforce(talk.conversation)
    await talk.write(ended, ...range(0, 201).map((name) => said(name)))
    await talk.compact()
    expect(await engine().log.archivedCount(talk.conversation)).toBe(1)
    expect(namesOf(await talk.history())).toEqual(range(0, 201))
  })
})

describe("many at once, and half done", () => {
  const expiries = (events: readonly LogEvent[]) => events.filter(({ type }) => type === "expired")

  test("[RET4] of many that look at the same moment one says it", async () => {
    const talk = await begin(engine())
    const events = await followed(talk)
    await talk.write(...range(0, 20).map((name) => said(name, 40)), said("new"))
    const looks = Array.from({ length: 8 }, () => retentionOn(engine(), { daysMax: 30 }))
    await Promise.all(looks.map((retention) => retention.enforce(talk.conversation)))
    expect(expiries(events())).toHaveLength(1)
    expect(namesOf(await talk.history())).toEqual(["new"])
  })

  /** The engine of a node that dies at the so-manieth thing it asks of the log. */
  function dyingAt(step: number): Engine {
    let steps = 0
    const log = new Proxy(engine().log, {
      get(target, name: keyof Engine["log"]) {
        const operation = target[name] as (...args: unknown[]) => unknown
        return (...args: unknown[]) => {
          if (++steps > step) throw new Error("The node has died.")
          return operation.apply(target, args)
        }
      },
    })
    return { ...engine(), log, wallTime: () => engine().wallTime() }
  }

  test("[RET2] [RET4] wherever a node dies, the next one leaves the store as it should be", async () => {
    let died = 0
    for (let step = 0; died === step; step++) {
      const talk = await begin(engine())
      const events = await followed(talk)
      const all = range(0, 250).map((at) => `${talk.conversation}/${at}`)
      await talk.write(...all.map((name, at) => said(name, at < 30 ? 40 : 1)))
      await talk.compact()
      await retentionOn(dyingAt(step), { daysMax: 30 })
        .enforce(talk.conversation)
        .catch(() => died++)
      // What is still in the archive is not shown any more once it has expired.
      const isSaid = expiries(events()).length > 0
      expect(namesOf(await talk.history())).toEqual(isSaid ? all.slice(30) : all)
      await retentionOn(engine(), { daysMax: 30 }).enforce(talk.conversation)
      expect(expiries(events())).toHaveLength(1)
      expect(foundOf(all)).toEqual(all.slice(30))
      expect(namesOf(await talk.history())).toEqual(all.slice(30))
    }
    expect(died).toBeGreaterThan(6)
  })

  test("[RET2] whoever moves the snapshot past an expiry trims the log through it", async () => {
    const talk = await begin(engine())
    const names = range(0, 50).map((at) => `${talk.conversation}/${at}`)
    await talk.write(...names.map((name) => said(name, 40)))
    const say = { type: "expired", time, upTo: 51 } as const
    await talk.write(say, said("new"))
    const request = compactionOf(talk.conversation, await talk.folded(), 2_048)
    expect(request.trimThrough).toBe(52)
    await engine().log.compact(request)
    expect(foundOf(names)).toEqual([])
  })
})

describe("what was redacted", () => {
  const by = { user: "ada", device: "phone" }

  test("[RET2] its text leaves the log with the next compaction, and with a look where nothing expires", async () => {
    for (const isLook of [true, false]) {
      const talk = await begin(engine())
      const [secret, other] = [`${talk.conversation}/secret`, `${talk.conversation}/other`]
      await talk.write(said(secret), said(other), { type: "redaction", time, by, message: `m-${secret}` })
      expect(foundOf([secret, other])).toEqual([secret, other])
      if (isLook) await retentionOn(engine(), { daysMax: 30 }).enforce(talk.conversation)
      else await engine().log.compact(compactionOf(talk.conversation, await talk.folded(), 2_048))
      expect(foundOf([secret, other])).toEqual([other])
      expect(await talk.history()).toMatchObject([{ redacted: true, text: "" }, { id: `m-${other}` }])
    }
  })
})

test("[RET1] [SNP1] [LOG8] a device that saw it all, one that starts from the snapshot and one that pages hold the same", async () => {
  const act = fc.record({
    do: fc.constantFrom("say", "say", "say", "ask", "end", "compact", "enforce"),
    daysAgo: fc.nat({ max: 60 }),
    policy: fc.record({ daysMax: fc.constantFrom(0, 10, 30), messagesMax: fc.constantFrom(0, 5, 220) }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 40 }), fc.nat({ max: 230 }), async (acts, many) => {
      const talk = await begin(engine())
      const events = await followed(talk)
      await talk.write(...range(0, many + 1).map((name) => said(name, 60)))
      for (const [at, { do: what, daysAgo, policy }] of acts.entries()) {
        if (what === "say") await talk.write(said(`say-${at}`, daysAgo))
        else if (what === "ask") await talk.write(said(`ask-${at}`, daysAgo), queued(`r-${at}`, `m-ask-${at}`))
        else if (what === "end")
          await talk.write({ type: "run.ended", time, run: openRun(events()), outcome: "failed" })
        else if (what === "compact") await talk.compact()
        else await retentionOn(engine(), policy).enforce(talk.conversation)
      }
      const seen = reduceAll(emptyState, events())
      const { state, dropped } = await talk.folded()
      // It has not seen the first entry, which has nothing in it that a state keeps.
      expect(seen).toEqual(state)
      const history = await talk.history()
      const { expiredUpTo = 0 } = state
      const held = new Set(state.messages.map(({ id }) => id))
      for (const message of history) expect(message.seq > expiredUpTo || held.has(message.id)).toBe(true)
      const younger = events().filter((event) => event.type === "message" && event.seq > expiredUpTo)
      expect(history.filter(({ seq }) => seq > expiredUpTo)).toHaveLength(younger.length)
      expect(dropped.every(({ seq }) => seq > expiredUpTo)).toBe(true)
    }),
    { numRuns: 25 },
  )
}, 60_000)

/** The oldest run that has not ended, or a name that is none. */
function openRun(events: readonly LogEvent[]): string {
  const open = reduceAll(emptyState, events).runs.find(({ status }) => status === "queued")
  return open?.id ?? "none"
}
