/** Whose answers may be given anew, and where a conversation can be continued from. */
import { type CheckpointEntry, emptyState, type Run } from "@everthread/protocol"
import { isReplaced, runsToAnswerAnew } from "../src/model/answers-anew.ts"
import { forkPoint } from "../src/model/fork-point.ts"
import { answered, said } from "./support/messages.ts"

const by = (user: string) => ({ user, device: "phone" })
const run = (id: string, more: Partial<Run> = {}): Run => ({
  id,
  seq: 2,
  agent: "demo",
  message: "m1",
  by: by("ada"),
  status: "completed",
  attempt: 1,
  messages: 1,
  ...more,
})
const state = (...runs: Run[]) => ({
  ...emptyState,
  members: { ada: "member", eve: "owner", bob: "member" } as const,
  messages: [said("ada", 1), said("ada", 3)],
  runs,
})
const anew = (user: string, ...runs: Run[]) => runsToAnswerAnew(state(...runs), user).map(({ id }) => id)

describe("[RUN9] answers that may be given anew", () => {
  test("are the last of each agent, for who asked and for owners", () => {
    const runs = [run("r1"), run("r2"), run("c1", { agent: "clerk", by: by("bob") })]
    expect(anew("ada", ...runs)).toEqual(["r2"])
    expect(anew("bob", ...runs)).toEqual(["c1"])
    expect(anew("eve", ...runs)).toEqual(["r2", "c1"])
    expect(anew("constructor", ...runs)).toEqual([])
  })

  test("are none while the agent is at work, or when the message is gone", () => {
    expect(anew("ada", run("r1", { status: "running" }))).toEqual([])
    expect(anew("ada", run("r1"), run("r2", { status: "queued", attempt: 0 }))).toEqual([])
    expect(anew("ada", run("r1", { message: "gone" }))).toEqual([])
    const redacted = { ...state(run("r1")), messages: [said("ada", 1, { redacted: true })] }
    expect(runsToAnswerAnew(redacted, "ada")).toEqual([])
  })

  test("what was taken out of the queue, or merged, stands in nobody's way", () => {
    const stopped = run("r2", { status: "stopped", attempt: 0, message: "m3" })
    expect(anew("ada", run("r1"), stopped)).toEqual(["r1", "r2"])
    expect(anew("ada", run("r1"), run("r2", { status: "merged", into: "r1", attempt: 0 }))).toEqual(["r1"])
  })

  test("what failed and was asked for again is shown no more", () => {
    const failed = run("r1", { status: "failed" })
    const runs = [failed, run("r2", { again: { run: "r1" } })]
    expect([isReplaced(runs, failed), isReplaced([failed], failed)]).toEqual([true, false])
  })
})

describe("a fork from an answer", () => {
  const entry = (checkpoint: string, of: string): CheckpointEntry => ({
    checkpoint,
    run: of,
    time: 0,
    step: 1,
    next: [],
  })
  const conversation = (runs: Run[], ...pages: CheckpointEntry[][]) => {
    const asked: unknown[] = []
    return {
      asked,
      snapshot: () => ({ state: state(...runs) }) as never,
      checkpoints: async (options: unknown) => {
        const checkpoints = pages[asked.length] ?? []
        asked.push(options)
        return { conversation: "c", checkpoints, more: asked.length < pages.length }
      },
    }
  }

  test("begins at the last checkpoint of its run", async () => {
    const known = conversation([run("r1", { checkpoint: "cp9" })])
    expect(await forkPoint(known, answered(2, "hi"))).toBe("cp9")
    expect(known.asked).toEqual([])
  })

  test("looks as far back as it has to for one that ended long ago", async () => {
    const old = conversation([], [entry("cp9", "r3"), entry("cp8", "r2")], [entry("cp7", "r1"), entry("cp6", "r1")])
    expect(await forkPoint(old, answered(2, "hi"))).toBe("cp7")
    expect(old.asked).toEqual([
      { agent: "demo", limit: 100 },
      { agent: "demo", before: "cp8", limit: 100 },
    ])
  })

  test("is none where no checkpoint is kept, or the run goes on", async () => {
    expect(await forkPoint(conversation([], [entry("cp9", "r3")]), answered(2, "hi"))).toBeUndefined()
    const open = conversation([run("r1", { status: "running", checkpoint: "cp1" })])
    expect(await forkPoint(open, answered(2, "hi"))).toBeUndefined()
  })
})
