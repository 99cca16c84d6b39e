/** Redis and Valkey are equals: which of them is here, and where. */
import { accessSync, constants, existsSync } from "node:fs"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"
import { Hopeless } from "./until.ts"

export type Flavour = "redis" | "valkey"

/** Where `scripts/valkey.sh` puts it when the system has none. */
const cachedValkey = fileURLToPath(new URL("../../../.cache/valkey/valkey-server", import.meta.url))

const found: Readonly<Record<Flavour, string | undefined>> = {
  redis: onPath("redis-server"),
  valkey:
    process.env["EVERTHREAD_VALKEY"] ||
    onPath("valkey-server") ||
    (existsSync(cachedValkey) ? cachedValkey : undefined),
}

/** Those that can be started here, for `describe.each(flavours)`. Redis always: tests without it fail. */
export const flavours: readonly Flavour[] = found.valkey === undefined ? ["redis"] : ["redis", "valkey"]

export function mustGetCommand(flavour: Flavour): string {
  const command = found[flavour]
  if (command === undefined) throw new Hopeless(`${flavour}-server is not here; npm test says how to get it`)
  return command
}

function onPath(name: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "")
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
