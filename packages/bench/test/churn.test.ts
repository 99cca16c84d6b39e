/** Each contestant, as the churn plays it, on real processes: what is counted is theirs and not of whoever counts. */
import type { ChurnStage, Contestant } from "../src/churn/contestant.ts"
import { everthread } from "../src/churn/everthread.ts"
import { calmPlan } from "../src/churn/plan.ts"
import { playChurn } from "../src/churn/play-churn.ts"
import { socketIo } from "../src/peers/socket-io.ts"

/** Real processes on a machine that may be busy. */
const withinMs = 180_000
const nothing = { lost: 0, gapsTold: 0, doubled: 0, unlikeWritten: 0, hung: 0, others: [], findings: [] }

async function withStage(contestant: Contestant, use: (stage: ChurnStage) => Promise<void>): Promise<void> {
  const stage = await contestant.open()
  if ("missing" in stage) return
  try {
    await use(stage)
  } finally {
    await stage.stop()
  }
}

describe.each([everthread, socketIo])("$name", (contestant) => {
  test(
    "loses and doubles nothing while nothing goes wrong, and what its devices throw away is counted",
    () =>
      withStage(contestant, async (stage) => {
        const calm = await playChurn(stage, calmPlan(1))
        expect(calm).toMatchObject(nothing)
        expect(calm.acknowledged).toBe(calm.sent)
        expect(calm.sent).toBeGreaterThan(20)

        const forgetful = await playChurn(forgetting(stage), calmPlan(2))
        expect(forgetful).toMatchObject({ ...nothing, lost: 1 })
      }),
    withinMs,
  )
})

/** The same, but that the first device throws away the third message that it was given. */
function forgetting(stage: ChurnStage): ChurnStage {
  let isFirst = true
  return {
    ...stage,
    async enter(person, room, way) {
      const device = await stage.enter(person, room, way)
      if (!isFirst) return device
      isFirst = false
      const record = async () => {
        const whole = await device.record()
        return { ...whole, shown: whole.shown.toSpliced(2, 1) }
      }
      return Object.create(device, { record: { value: record } })
    },
  }
}
