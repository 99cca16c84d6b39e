/** Whether a node would start on what was found. */
import type { Durability, Examination, ExaminedServer } from "@everthread/engine-redis"

export function isFit({ servers, problems }: Examination): boolean {
  return problems.length === 0 && !servers.some(isRefused)
}

const weakestFirst: readonly Durability[] = ["memory", "everysec", "fsync"]

/** @returns a weaker level on which a node would start as it is; `undefined` if there is none, or no need of it. */
export function lesserLevel({ servers, problems }: Examination): Durability | undefined {
  const found = servers.filter(isRefused).map(({ lesser }) => lesser)
  if (problems.length > 0 || found.includes(undefined)) return undefined
  return weakestFirst.find((level) => found.includes(level))
}

const isRefused = ({ findings }: ExaminedServer) => findings.some(({ level }) => level === "refusal")
