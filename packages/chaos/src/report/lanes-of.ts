/** Whatever has a lane of its own on the page: nodes, servers, what else was harmed (such as the network), and devices. */
import type { FaultLine, OperationLine, RunLine, StateLine } from "../record/record.ts"
import type { Lane } from "./report-data.ts"

export interface Standing {
  readonly run: RunLine
  readonly states: readonly StateLine[]
  readonly faults: readonly FaultLine[]
  readonly operations: readonly OperationLine[]
}

export function lanesOf({ run, states, faults, operations }: Standing): Lane[] {
  const stated = (of: StateLine["of"]) => states.flatMap((state) => (state.of === of ? [state.name] : []))
  const nodes = new Set([...run.nodes, ...stated("node")])
  const servers = new Set(stated("server"))
  const devices = new Set([...run.devices, ...stated("device"), ...operations.map(({ device }) => device)])
  const others = new Set(faults.map(({ target }) => target))
  for (const name of [...nodes, ...servers, ...devices]) others.delete(name)
  const lane = (of: Lane["of"]) => (name: string) => ({ of, name, states: statesOf(states, of, name) })
  return [
    ...[...nodes].map(lane("node")),
    ...[...servers].map(lane("server")),
    ...[...others].map(lane("other")),
    ...[...devices].map(lane("device")),
  ]
}

function statesOf(states: readonly StateLine[], of: Lane["of"], name: string): Lane["states"] {
  const own = states.filter((state) => state.of === of && state.name === name)
  return own.map(({ atMs, state, node }) => ({ atMs, state, ...(node === undefined ? {} : { node }) }))
}
