/** What the cases came to, for people: shown where the environment asks for it. */
import type { Counts } from "@everthread/chaos"

export function report(title: string, seed: number, counts: Counts): void {
  if (!process.env["FAULTS_REPORT"]) return
  const { messages, acknowledged, resent, resets, subscriptions, runs, attempts } = counts
  const parts = [
    `${messages} messages, ${acknowledged} acknowledged, ${resent} sent again`,
    `${subscriptions} subscriptions, ${resets} resets`,
    `${runs} runs in ${attempts} attempts`,
  ]
  process.stdout.write(`${title} (seed ${seed}): ${parts.join("; ")}\n`)
}
