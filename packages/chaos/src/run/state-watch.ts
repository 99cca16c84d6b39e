/** Looks at nodes, servers and devices again and again, and notes when one is another way than before. */
import type { RedisServer } from "@everthread/stage"
import type { Deployment } from "../deployment/deployment.ts"
import type { StateLine } from "../record/record.ts"
import type { Recorder } from "../record/recorder.ts"

const lookEveryMs = 50

type Seen = Pick<StateLine, "of" | "name" | "state" | "node">

/** @returns ends it. */
export function watchStates(deployment: Deployment, recorder: Recorder): () => void {
  const known = new Map<string, string>()
  const look = () => {
    for (const seen of statesOf(deployment)) {
      const is = `${seen.state} ${seen.node ?? ""}`
      const key = `${seen.of} ${seen.name}`
      if (known.get(key) === is) continue
      known.set(key, is)
      recorder.note({ type: "state", ...seen, atMs: recorder.nowMs })
    }
  }
  look()
  const timer = setInterval(look, lookEveryMs)
  return () => clearInterval(timer)
}

function* statesOf({ nodes, servers, crowd }: Deployment): Generator<Seen> {
  for (const { name, state } of nodes) yield { of: "node", name, state }
  for (const [name, server] of servers) yield { of: "server", name, state: stateOf(server) }
  for (const { name, node } of crowd.devices) {
    yield node === undefined ? { of: "device", name, state: "away" } : { of: "device", name, state: "live", node }
  }
}

const serverStates = { running: "up", frozen: "paused", ended: "down" } as const
const stateOf = ({ state }: RedisServer): StateLine["state"] => serverStates[state]
