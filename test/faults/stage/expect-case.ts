/** Plays a case as a test: where it fails it says the seed, what is wrong, and what the nodes had to say last. */
import type { Counts, Scene, Stage } from "@everthread/chaos"
import { type Outcome, type Plan, play } from "@everthread/chaos"
import { report } from "./report.ts"

const shownMax = 20
const linesMax = 30

/** @param title what the report calls it. */
export async function expectCase(
  title: string,
  stage: Stage,
  plan: Plan,
  nemesis: (scene: Scene) => Promise<void>,
): Promise<Outcome> {
  const outcome = await play(stage, plan, nemesis).catch(async (error: unknown) => {
    throw new Error(`with seed ${plan.seed}: ${messageOf(error)}\n${await lastWords(stage)}`, { cause: error })
  })
  const { findings, counts } = outcome
  report(title, plan.seed, counts)
  if (findings.length === 0) return outcome
  const shown = findings.slice(0, shownMax).map(({ law, conversation, device, what }) => {
    return `  ${law}: ${conversation} ${device ?? ""} ${what}`
  })
  throw new Error(
    `with seed ${plan.seed}: ${findings.length} findings\n${shown.join("\n")}\n${countsText(counts)}\n${await lastWords(stage)}`,
  )
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
const countsText = (counts: Counts): string => JSON.stringify(counts)

async function lastWords({ nodes }: Stage): Promise<string> {
  const said = await Promise.all(nodes.map((node) => node.said()))
  return said.map((text, index) => `${nodes[index]?.name}:\n${text.split("\n").slice(-linesMax).join("\n")}`).join("\n")
}
