/** The first server that answers says what it is a part of. */
import { EngineError } from "@everthread/engine"
import type { Link, Reply } from "../connection/link.ts"
import { refusalOf, ServerError } from "../connection/server-error.ts"
import { type ServerAddress, serverName, type Target } from "../connection/target.ts"
import { notMaster, roleOf } from "./role.ts"

export type Mode = "standalone" | "sentinel" | "cluster"

/** @throws EngineError the last failure, if no seed can be asked. */
export async function openSeed(
  { seeds }: Target,
  open: (address: ServerAddress) => Promise<Link>,
): Promise<{ readonly link: Link; readonly mode: Mode }> {
  let last: unknown
  for (const seed of seeds) {
    try {
      const link = await open(seed)
      return { link, mode: await modeOf(link) }
    } catch (error) {
      last = error
    }
  }
  throw last
}

async function modeOf(link: Link): Promise<Mode> {
  try {
    const about = (await link.send(["HELLO"])) as { readonly [key: string]: Reply }
    const mode = about["mode"]
    return mode === "sentinel" || mode === "cluster" ? mode : "standalone"
  } catch (error) {
    link.close()
    throw error instanceof ServerError ? refusalOf(error, "HELLO", link.address) : error
  }
}

/** @throws EngineError `unusable` if the URL says something else than the server, or the only server is a replica. */
export async function assertFits({ seeds, sentinel }: Target, mode: Mode, link: Link): Promise<void> {
  const at = `Redis at ${serverName(link.address)}`
  if (mode === "sentinel" && !sentinel) {
    const masters = await mastersKnown(link)
    throw unusable(`${at} is a sentinel: add ?sentinel=NAME to redis.url. It knows ${masters}.`)
  }
  if (mode !== "sentinel" && sentinel) {
    throw unusable(
      `${at} is no sentinel: redis.url with ?sentinel=${sentinel.master} has to name sentinels (port 26379).`,
    )
  }
  if (mode === "standalone" && seeds.length > 1) {
    throw unusable(`${at} is a server of its own, part of no cluster: redis.url may name only one of those.`)
  }
  if (mode !== "standalone") return
  const role = await roleOf(link)
  if (role.kind !== "master") throw unusable(notMaster(link.address, role))
}

async function mastersKnown(link: Link): Promise<string> {
  const masters = (await link.send(["SENTINEL", "MASTERS"])) as readonly { readonly [key: string]: Reply }[]
  return masters.length === 0 ? "no master" : masters.map(({ name }) => String(name)).join(", ")
}

const unusable = (text: string) => new EngineError("unusable", text)
