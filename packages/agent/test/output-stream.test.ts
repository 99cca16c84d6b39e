import { type AppendRequest, type AppendResult, EngineError, type EventLog } from "@everthread/engine"
import { type EventBody, systemRandom } from "@everthread/protocol"
import { ManualClock, settled } from "../../../test/support/manual-clock.ts"
import { Beat } from "../src/beat.ts"
import { FencedWriter, OwnershipLostError } from "../src/fenced-writer.ts"
import { OutputStream } from "../src/output-stream.ts"

const options = { deltaWindowMs: 40, deltaCharsMax: 10, waitingCharsMax: 20, retryMs: 50, retryMsMax: 200 }
const delta = (at: number, text: string): EventBody => ({ type: "delta", message: "m", block: 0, at, text })
const begun: EventBody = { type: "agent", time: 0, run: "r", method: "messages", ns: [], message: "m", data: {} }
const waiting: EventBody = { type: "run.waiting", time: 0, run: "r" }
const appended: AppendResult = { status: "appended", prev: "0-0", cursor: "1-a", first: 1, seq: 1 }

/** A store that answers each append when and how the test says. */
function setup() {
  const requests: AppendRequest[] = []
  const answers: ((answer: AppendResult | Error) => void)[] = []
  const append = (request: AppendRequest) => {
    requests.push(request)
    return new Promise<AppendResult>((resolve, reject) => {
      answers.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)))
    })
  }
  const clock = new ManualClock()
  const writer = new FencedWriter(
    { log: { append } as unknown as EventLog, clock, random: systemRandom, options },
    "c",
    { number: 1, nonce: "x" },
  )
  const output = new OutputStream(writer, clock, new Beat(clock, options.deltaWindowMs), options)
  const answer = async (given: AppendResult | Error = appended) => {
    answers.shift()?.(given)
    await settled()
  }
  const texts = () =>
    requests.map(({ bodies }) => bodies.map((body) => (JSON.parse(body) as { text?: string }).text ?? "!"))
  return { requests, clock, writer, output, answer, texts }
}

test("the first token goes at once, the following wait for the window and go as one", async () => {
  const { output, clock, answer, texts } = setup()
  output.add([delta(0, "a")])
  await settled()
  await answer()
  output.add([delta(1, "b")])
  output.add([delta(2, "c")])
  await settled()
  expect(texts()).toEqual([["a"]])
  await clock.advance(40)
  expect(texts()).toEqual([["a"], ["bc"]])
})

test("the first words of a block go at once, also right behind something else, and take the beginning of their message along", async () => {
  const { output, clock, answer, texts } = setup()
  output.add([waiting])
  await settled()
  await answer()
  output.add([begun])
  await settled()
  expect(texts()).toEqual([["!"]])
  output.add([delta(0, "a")])
  await settled()
  await answer()
  expect(texts()).toEqual([["!"], ["!", "a"]])
  output.add([begun])
  await clock.advance(40)
  expect(texts()).toEqual([["!"], ["!", "a"], ["!"]])
})

test("what runs have to say within a window goes out at the same moment, whenever each of them began", async () => {
  const clock = new ManualClock()
  const beat = new Beat(clock, options.deltaWindowMs)
  const writes: { readonly run: string; readonly atMs: number }[] = []
  const startedAtMs = clock.monotonic()
  const runs = ["early", "late"].map((run) => {
    const append = async () => void writes.push({ run, atMs: clock.monotonic() - startedAtMs })
    return new OutputStream({ append, lost: new AbortController().signal }, clock, beat, options)
  })
  for (const run of runs) {
    await clock.advance(13)
    run.add([delta(0, "a")])
    await settled()
    run.add([delta(1, "b")])
  }
  await clock.advance(40)
  expect(writes).toEqual([
    { run: "early", atMs: 13 },
    { run: "late", atMs: 26 },
    { run: "early", atMs: 40 },
    { run: "late", atMs: 40 },
  ])
  expect(clock.timers).toBe(0)
})

test("enough text does not wait for the window", async () => {
  const { output, answer, texts } = setup()
  output.add([delta(0, "a")])
  await settled()
  await answer()
  output.add([delta(1, "0123456789")])
  await settled()
  expect(texts()).toEqual([["a"], ["0123456789"]])
})

test("what is no delta goes at once and takes the text before it along, in order", async () => {
  const { output, answer, texts } = setup()
  output.add([delta(0, "a")])
  await settled()
  await answer()
  output.add([delta(1, "b"), waiting, delta(2, "c")])
  await settled()
  expect(texts()).toEqual([["a"], ["b", "!", "c"]])
})

test("one append is under way at a time, and they are counted", async () => {
  const { output, answer, requests } = setup()
  output.add([waiting])
  output.add([waiting])
  await settled()
  expect(requests).toHaveLength(1)
  await answer()
  expect(requests.map(({ n }) => n)).toEqual([0, 1])
})

test("[RUN2] [LOG2] an append whose fate is unknown is repeated, each time with a nonce that does not follow", async () => {
  const { output, clock, answer, requests } = setup()
  output.add([waiting])
  await settled()
  await answer(new EngineError("unknown", "?"))
  await clock.advance(50)
  await answer(new EngineError("unavailable", "?"))
  await clock.advance(99)
  expect(requests).toHaveLength(2)
  await clock.advance(1)
  expect(requests).toHaveLength(3)
  expect(new Set(requests.map((request) => JSON.stringify({ ...request, nonce: "" }))).size).toBe(1)
  const nonces = requests.map(({ nonce }) => Number(nonce))
  const distances = nonces.slice(1).map((nonce, index) => Math.abs(nonce - (nonces[index] ?? nonce)))
  expect(distances.filter((distance) => distance < 1_000)).toEqual([])
  await answer({ status: "duplicate", cursor: "1-a", seq: 1 })
  await output.flushed()
})

test("[RUN2] after a refusal nothing is written any more", async () => {
  const { output, writer, answer, requests } = setup()
  output.add([waiting])
  await settled()
  await answer({ status: "fenced" })
  await expect(output.flushed()).rejects.toThrow(OwnershipLostError)
  expect(writer.lost.aborted).toBe(true)
  output.add([waiting])
  await expect(writer.append([waiting])).rejects.toThrow(OwnershipLostError)
  expect(requests).toHaveLength(1)
})

test("a reader that is ahead of the store waits for room", async () => {
  const { output, answer } = setup()
  output.add([waiting])
  await settled()
  output.add([delta(0, "x".repeat(21))])
  let hasRoom = false
  void output.room().then(() => {
    hasRoom = true
  })
  await settled()
  expect(hasRoom).toBe(false)
  await answer()
  await answer()
  expect(hasRoom).toBe(true)
})
