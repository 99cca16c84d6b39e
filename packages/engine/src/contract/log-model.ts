/** Random histories against a model that is too simple to be wrong. */
import { startCursor } from "@everthread/protocol"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Engine } from "../engine.ts"
import type { PageMax, ReadResult } from "../event-log.ts"
import { append, beginConversation, body, engineForEachTest, mustBe, type OpenEngine } from "./under-test.ts"

interface ModelEntry {
  readonly cursor: string
  readonly body: string
}

const charsOf = (entries: readonly ModelEntry[]) => entries.reduce((sum, entry) => sum + entry.body.length, 0)

/** A conversation as an array: entry `seq` is at `seq - 1`. */
class Model {
  readonly entries: ModelEntry[] = []
  readonly keys = new Map<string, number>()
  trimmed = 0
  snapshot = 0

  get head(): string {
    return this.cursorAt(this.entries.length)
  }

  cursorAt(seq: number): string {
    return this.entries[seq - 1]?.cursor ?? startCursor
  }

  /** What a read from this seq of this log has to say. */
  tail(seq: number, max: PageMax): Partial<ReadResult> {
    const snapshot = { cursor: this.cursorAt(this.snapshot), state: String(this.snapshot) }
    if (seq < this.trimmed) return { status: "trimmed", snapshot, head: this.head }
    const fits = (count: number) => charsOf(this.entries.slice(seq, seq + count)) <= max.charsMax
    let count = Math.min(max.entriesMax, this.entries.length - seq)
    while (count > 1 && !fits(count)) count--
    const entries = this.entries.slice(seq, seq + count).map((entry, index) => ({ ...entry, seq: seq + index + 1 }))
    const cursor = entries.at(-1)?.cursor ?? this.cursorAt(seq)
    const more = seq + entries.length < this.entries.length
    return { status: "tail", prev: this.cursorAt(seq), cursor, entries, head: this.head, more }
  }
}

type Step =
  | { readonly do: "append"; readonly names: readonly string[]; readonly key?: string | undefined }
  | { readonly do: "read"; readonly seq: number; readonly max: PageMax }
  | { readonly do: "compact"; readonly seq: number; readonly trim: number }

const place = fc.nat({ max: 40 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("append" as const),
      names: fc.array(fc.string(), { minLength: 1, maxLength: 4 }),
      key: fc.option(fc.constantFrom("k1", "k2", "k3"), { nil: undefined }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("read" as const),
      seq: place,
      max: fc.record({ entriesMax: fc.integer({ min: 1, max: 9 }), charsMax: fc.integer({ min: 1, max: 1_000 }) }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("compact" as const), seq: place, trim: place }) },
)

async function take(engine: Engine, conversation: string, model: Model, step: Step): Promise<void> {
  if (step.do === "append") await takeAppend(engine, conversation, model, step)
  else if (step.do === "compact") await takeCompact(engine, conversation, model, step)
  else if (step.seq <= model.entries.length) {
    const result = await engine.log.read(conversation, model.cursorAt(step.seq), step.max)
    expect(result).toEqual(model.tail(step.seq, step.max))
  } else {
    mustBe(await engine.log.read(conversation, `${step.seq}-fromTheFuture`, step.max), "diverged")
  }
}

async function takeAppend(engine: Engine, conversation: string, model: Model, { names, key }: Step & { do: "append" }) {
  const idempotency = key === undefined ? {} : { idempotency: { key, digest: "d" } }
  const result = await append(engine, conversation, names, idempotency)
  const known = key === undefined ? undefined : model.keys.get(key)
  if (known !== undefined) {
    expect(result).toEqual({ status: "duplicate", seq: known, cursor: model.cursorAt(known) })
    return
  }
  const { prev, cursor, seq } = mustBe(result, "appended")
  expect(prev).toBe(model.head)
  const nonce = cursor.slice(cursor.indexOf("-") + 1)
  for (const name of names) model.entries.push({ cursor: `${model.entries.length + 1}-${nonce}`, body: body(name) })
  expect({ seq, cursor }).toEqual({ seq: model.entries.length, cursor: model.head })
  if (key !== undefined) model.keys.set(key, seq)
}

async function takeCompact(
  engine: Engine,
  conversation: string,
  model: Model,
  { seq, trim }: Step & { do: "compact" },
) {
  const snapshot = { cursor: model.entries[seq - 1]?.cursor ?? `${seq}-fromTheFuture`, state: String(seq) }
  const taken = await engine.log.compact({ conversation, snapshot, archive: [], trimThrough: trim })
  const isNewer = seq >= 1 && seq <= model.entries.length && seq >= model.snapshot
  expect(taken).toBe(isNewer)
  if (!isNewer) return
  model.snapshot = seq
  model.trimmed = Math.max(model.trimmed, Math.min(trim, seq))
}

export function logModelContract(open: OpenEngine): void {
  describe("random histories", () => {
    const current = engineForEachTest(open)

    test("[LOG1] [LOG6] [ACK3] [SNP2] [LIN1] a log does what an array does", async () => {
      const { engine } = current()
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
          const conversation = await beginConversation(engine)
          const model = new Model()
          model.entries.push({ cursor: (await engine.log.head(conversation)) ?? startCursor, body: body("begin") })
          for (const each of steps) await take(engine, conversation, model, each)
        }),
        { numRuns: 60 },
      )
    })
  })
}
