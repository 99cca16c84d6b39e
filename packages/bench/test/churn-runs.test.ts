/** What two devices show of an answer, on real processes: a calm run is whole, and what a device throws away is counted. */
import { everthreadRuns } from "../src/churn/everthread-runs.ts"
import { isInstalled } from "../src/churn/installed.ts"
import { playRun } from "../src/churn/play-run.ts"
import {
  answerMessages,
  answerWords,
  type RunContestant,
  type RunDevice,
  type RunStage,
  wordsOf,
} from "../src/churn/run-stage.ts"
import { langgraphPackages, langgraphServer } from "../src/peers/langgraph-server.ts"

/** Real processes on a machine that may be busy. */
const withinMs = 180_000
const nothing = { lost: 0, doubled: 0, disordered: 0, lostForGood: 0, hung: 0, stuck: 0 }

test("words are the same, however they are cut into messages", () => {
  expect(wordsOf(answerMessages)).toEqual(answerWords)
})

test(
  "Everthread: a calm answer is whole on both devices, and what one of them throws away is counted",
  () => withStage(everthreadRuns, isWholeAndForgetful),
  withinMs,
)

// It is fetched by the bench, and never by a test.
test.skipIf(!isInstalled(langgraphPackages))(
  "LangGraph JS server: a calm answer is whole on both devices, and what one of them throws away is counted",
  () => withStage(langgraphServer, isWholeAndForgetful),
  withinMs,
)

async function isWholeAndForgetful(stage: RunStage): Promise<void> {
  expect(await playRun(stage, "calm", 1)).toMatchObject({ ...nothing, words: 2 * answerWords.length })
  expect(await playRun(forgetting(stage), "calm", 2)).toMatchObject({ ...nothing, lost: 1 })
}

async function withStage(contestant: RunContestant, use: (stage: RunStage) => Promise<void>): Promise<void> {
  const stage = await contestant.open()
  if ("missing" in stage) throw new Error(stage.missing)
  try {
    await use(stage)
  } finally {
    await stage.stop()
  }
}

/** The same, but that the second device throws away the third word until it is loaded anew. */
function forgetting(stage: RunStage): RunStage {
  return {
    ...stage,
    async begin(thread, ways) {
      const begun = await stage.begin(thread, ways)
      const [asker, watcher] = begun.devices
      const forgetful: RunDevice = {
        get words() {
          return watcher.words.toSpliced(2, 1)
        },
        get isOver() {
          return watcher.isOver
        },
        reloaded: () => watcher.reloaded(),
      }
      return Object.create(begun, { devices: { value: [asker, forgetful] } })
    },
  }
}
