/** What a node has counted, by the names of its metrics page. */
import type { FaultNode } from "@everthread/stage"

export async function counted(node: FaultNode, metric: string): Promise<number> {
  const page = await fetch(`${node.url?.replace("ws:", "http:")}/metrics`)
  const line = (await page.text()).split("\n").find((each) => each.startsWith(`${metric} `))
  if (line === undefined) throw new Error(`${node.name} counts no ${metric}`)
  return Number(line.split(" ")[1])
}

export async function countedByAll(nodes: readonly FaultNode[], metric: string): Promise<number> {
  const counts = await Promise.all(nodes.map((node) => counted(node, metric)))
  return counts.reduce((sum, count) => sum + count, 0)
}
