/** What counts as a promise kept: each count that is wrong by one is found, and ends the command with 1. */
import { systemClock, systemRandom } from "@everthread/protocol"
import { conclude } from "../src/demo-cluster/conclude.ts"
import type { AnswerCount, DemoCounts, DeviceCount } from "../src/demo-cluster/counts.ts"
import { judge } from "../src/demo-cluster/judge.ts"
import { plainStage } from "../src/demo-cluster/stage.ts"
import { demoTexts } from "../src/demo-cluster/texts.ts"
import { explainFailure } from "../src/failure.ts"

const device = (name: string, over: Partial<DeviceCount> = {}): DeviceCount => ({
  name,
  node: 1,
  received: 10,
  order: "aaaa",
  gaps: 0,
  duplicates: 0,
  ...over,
})
const answer = (name: string, over: Partial<AnswerCount> = {}): AnswerCount => ({
  name,
  pieces: 20,
  chars: 100,
  text: "bbbb",
  outcome: "completed",
  ...over,
})
const returned = { name: "zoe", fromNode: 1, toNode: 2, had: 4, missed: 6, got: 6, unconfirmed: 1 }
const two = <T>(make: (name: string) => T): [T, T] => [make("ada"), make("zoe")]
const stopped = (name: string) => answer(name, { outcome: "stopped" })

const consistency = { written: 10, devices: two(device) }
const recovery = { written: 10, devices: two(device), returns: [returned] }
const question = { shown: 2, given: 2, stored: 1, refused: 1, by: "phone", result: two(answer) }
const devices = { answer: two(answer), stopped: two(stopped), question, devices: two(device) }
const good: DemoCounts = { consistency, recovery, devices }

const inScene1 = (over: Partial<DeviceCount>): DemoCounts => ({
  ...good,
  consistency: { ...consistency, devices: [device("ada"), device("zoe", over)] },
})
const inScene2 = (over: Partial<typeof returned>): DemoCounts => ({
  ...good,
  recovery: { ...recovery, returns: [{ ...returned, ...over }] },
})
const inScene3 = (over: Partial<DemoCounts["devices"]>): DemoCounts => ({ ...good, devices: { ...devices, ...over } })
const inQuestion = (over: Partial<typeof question>): DemoCounts => inScene3({ question: { ...question, ...over } })

test("counts that are as promised are all right", () => {
  expect(judge(good).filter(({ ok }) => !ok)).toEqual([])
})

test.each<[string, DemoCounts]>([
  ["1 all", inScene1({ received: 9 })],
  ["1 all", inScene1({ received: 11 })],
  ["1 order", inScene1({ order: "cccc" })],
  ["1 gaps", inScene1({ gaps: 1 })],
  ["1 duplicates", inScene1({ duplicates: 1 })],
  ["2 otherNodes", inScene2({ toNode: 1 })],
  ["2 missed", inScene2({ got: 5 })],
  ["3 streamed", inScene3({ answer: [answer("ada"), answer("zoe", { pieces: 1 })] })],
  ["3 sameAnswer", inScene3({ answer: [answer("ada"), answer("zoe", { text: "cccc" })] })],
  ["3 sameAnswer", inScene3({ answer: [answer("ada"), answer("zoe", { chars: 0 })] })],
  ["3 sameStop", inScene3({ stopped: [stopped("ada"), { ...stopped("zoe"), text: "cccc" }] })],
  ["3 question", inQuestion({ shown: 1 })],
  ["3 firstWins", inQuestion({ stored: 2 })],
  ["3 refused", inQuestion({ refused: 0 })],
  ["3 sameResult", inQuestion({ result: [answer("ada"), answer("zoe", { text: "cccc" })] })],
  ["3 order", inScene3({ devices: [device("ada"), device("zoe", { order: "cccc" })] })],
])("%s is found wrong, and nothing else", (expected, counts) => {
  const wrong = judge(counts).filter(({ ok }) => !ok)
  expect(wrong.map(({ scene, promise }) => `${scene} ${promise}`)).toEqual([expected])
})

test.each([true, false])("a wrong count ends the command with 1 and shows what the nodes said (json: %s)", (json) => {
  let out = ""
  const write = (text: string) => {
    out += text
  }
  const stage = plainStage({ output: { write } })
  const context = {
    language: "en" as const,
    env: {},
    folder: "/nowhere",
    clock: systemClock,
    random: systemRandom,
    out: write,
    terminal: { write },
  }
  const counts = inScene1({ duplicates: 1 })
  const node = { id: "a", number: 1 as const, url: "ws://127.0.0.1:1/v1" }
  const cluster = {
    store: "embedded" as const,
    nodes: [node, node, node] as const,
    complaints: () => "WARN odd",
  }
  let failure: unknown
  try {
    conclude({ run: "r", cluster, counts, checks: judge(counts) }, 1, { json, texts: demoTexts.en, stage, context })
  } catch (error) {
    failure = error
  }
  expect(explainFailure(failure, false, "en")).toMatchObject({ exitCode: 1 })
  expect(explainFailure(failure, false, "en").text).toContain("WARN odd")
  if (json) expect(JSON.parse(out)).toMatchObject({ ok: false })
})
