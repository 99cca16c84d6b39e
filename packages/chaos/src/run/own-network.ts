/**
 * A network of the run's own, where this user may make one: then packets can be dropped without harm to anybody else. The run
 * starts itself again inside it; who is inside knows by a variable of the environment.
 */
import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"

const mark = "EVERTHREAD_CHAOS_NETWORK"
const begin = 'ip link set lo up && exec "$@"'

export const hasOwnNetwork = (): boolean => process.env[mark] === "own"

/** Whether there can be one, and why not. */
export function ownNetworkUnfit(): string | undefined {
  if (process.platform !== "linux") return "only Linux has network namespaces"
  const { status } = spawnSync("unshare", ["--net", "sh", "-c", "ip link set lo up"], { stdio: "ignore" })
  return status === 0 ? undefined : "only the superuser may make a network of its own, with unshare and ip"
}

/** Runs this very command in a network of its own. @returns the code with which it ended. */
export async function runInOwnNetwork(): Promise<number> {
  const [node, ...args] = [process.execPath, ...process.execArgv, ...process.argv.slice(1)]
  const child = spawn("unshare", ["--net", "sh", "-c", begin, "sh", node, ...args], {
    stdio: "inherit",
    env: { ...process.env, [mark]: "own" },
  })
  // The terminal tells both; the one inside heals and judges first.
  const wait = () => undefined
  process.on("SIGINT", wait)
  process.on("SIGTERM", () => child.kill("SIGTERM"))
  const [code] = (await once(child, "exit")) as [number | null]
  process.off("SIGINT", wait)
  return code ?? 1
}
