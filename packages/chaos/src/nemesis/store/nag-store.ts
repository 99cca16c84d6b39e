/** Connections to the store that are ended again and again, and scripts that it forgets: nothing is down, and nothing holds. */
import type { RedisServer } from "@everthread/stage"
import { again } from "../again.ts"
import type { Nemesis } from "../nemesis.ts"
import { holdStore } from "./hold-store.ts"
import { mastersOf, onServers } from "./servers.ts"

const betweenMsMax = 200

/** Ends every connection that hears what others publish. */
export const cutSubscribers = (server: RedisServer) => server.cli("CLIENT", "KILL", "TYPE", "pubsub")
/** Ends every other connection, but not the one that says so, nor replicas'. */
export const cutCommands = (server: RedisServer) => server.cli("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
export const forgetScripts = (server: RedisServer) => server.cli("SCRIPT", "FLUSH")

export const subscribersCut = nag(
  "cut-subscribers",
  "Redis ends the connections that hear what is published, again and again",
  "ended all subscribers' connections, again and again (CLIENT KILL)",
  cutSubscribers,
)

export const commandsCut = nag(
  "cut-commands",
  "Redis ends the connections that ask it, again and again",
  "ended all connections for commands, again and again (CLIENT KILL)",
  cutCommands,
)

export const scriptsForgotten = nag(
  "forget-scripts",
  "Redis forgets its scripts, again and again",
  "forgot all scripts, again and again (SCRIPT FLUSH)",
  forgetScripts,
)

function nag(name: string, about: string, what: string, act: (server: RedisServer) => Promise<unknown>): Nemesis {
  return {
    name,
    about,
    lastsMs: { least: 1_000, most: 4_000 },
    unfit: onServers,
    begin: (deployment, random) =>
      holdStore(deployment, async () => {
        const masters = await mastersOf(deployment)
        return { what, heal: again(random, betweenMsMax, () => Promise.all(masters.map(act))) }
      }),
  }
}
