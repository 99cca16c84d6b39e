/**
 * The sentinels of one master: a connection to each, what they say of the master, and who else is one of them.
 *
 * Sentinels have user names and passwords of their own, and know nothing of databases.
 */
import type { Link, Reply } from "../connection/link.ts"
import { ServerError } from "../connection/server-error.ts"
import { type ServerAddress, serverName } from "../connection/target.ts"
import { firstAnswers } from "./first-answers.ts"
import type { LinkOpener } from "./kept-link.ts"
import { unique } from "./views.ts"

/** What a sentinel says: the later the epoch, the newer the news. */
export interface Opinion {
  readonly master: ServerAddress
  readonly epoch: number
  readonly others: readonly ServerAddress[]
}

export interface Sentinels {
  /** @returns what those say that can be reached. */
  ask(): Promise<readonly Opinion[]>
  /** How many there are, as far as is known. */
  readonly count: number
  /** Those that are known, for people. */
  readonly description: string
  /** One that was asked last does not know the master by this name. */
  readonly isNameUnknown: boolean
  close(): void
}

type Fields = { readonly [field: string]: Reply }
type Pair = readonly [host: Reply, port: Reply]

const switched = "+switch-master"

/** @param news called when a sentinel tells of a new master. */
export function sentinelsOf(
  seeds: readonly ServerAddress[],
  master: string,
  opener: LinkOpener,
  news: () => void,
): Sentinels {
  const links = new Map<string, Promise<Link>>()
  let known: readonly ServerAddress[] = seeds
  let isNameUnknown = false
  let isClosed = false

  function linkTo(address: ServerAddress): Promise<Link> {
    const name = serverName(address)
    const opening = links.get(name) ?? open(address, () => links.delete(name))
    links.set(name, opening)
    opening.catch(() => links.get(name) === opening && links.delete(name))
    return opening
  }

  async function open(address: ServerAddress, lost: () => void): Promise<Link> {
    const link = await opener.open(address, lost)
    if (isClosed) link.close()
    try {
      await link.subscribeWide(switched, (text) => text.startsWith(`${master} `) && news())
      return link
    } catch (error) {
      link.close()
      throw error
    }
  }

  /**
   * The fields of MASTER are not asked for its place: until the last replica follows, the sentinel that leads a failover
   * gives there the new epoch beside the old master. And the epoch is asked first, so that what is between the two
   * gives a new place an old epoch, which the next look mends, and never an old place the new one.
   */
  async function askOne(address: ServerAddress): Promise<Opinion> {
    const link = await linkTo(address)
    const about = link.send(["SENTINEL", "MASTER", master])
    const place = link.send(["SENTINEL", "GET-MASTER-ADDR-BY-NAME", master])
    const others = link.send(["SENTINEL", "SENTINELS", master])
    try {
      const [fields, [host, port], list] = (await Promise.all([about, place, others])) as [
        Fields,
        Pair,
        readonly Fields[],
      ]
      const named = { host: String(host), port: Number(port) }
      return { master: named, epoch: Number(fields["config-epoch"]), others: list.map(placeOf) }
    } catch (error) {
      isNameUnknown ||= error instanceof ServerError && error.message.includes("No such master")
      throw error
    }
  }

  return {
    async ask() {
      isNameUnknown = false
      const opinions = await firstAnswers(opener.clock, known.map(askOne))
      known = unique([...known, ...opinions.flatMap(({ others }) => others)])
      return opinions
    },
    get count() {
      return known.length
    },
    get description() {
      return known.map(serverName).join(", ")
    },
    get isNameUnknown() {
      return isNameUnknown
    },
    close() {
      isClosed = true
      for (const opening of links.values()) opening.then((link) => link.close()).catch(() => undefined)
    },
  }
}

const placeOf = (fields: Fields): ServerAddress => ({ host: String(fields["ip"]), port: Number(fields["port"]) })

export const newestOf = ([first, ...others]: readonly Opinion[]): Opinion | undefined =>
  others.reduce((newest, one) => (newest && newest.epoch >= one.epoch ? newest : one), first)
