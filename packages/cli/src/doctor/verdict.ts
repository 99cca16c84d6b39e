/** Whether a node would start on what was found. */
import type { Examination } from "@everthread/engine-redis"

export function isFit({ servers, problems }: Examination): boolean {
  const isRefused = servers.some(({ findings }) => findings.some(({ level }) => level === "refusal"))
  return problems.length === 0 && !isRefused
}
