/**
 * How long one server takes to answer, and to append: with the very script of a run's output, on keys that are gone
 * afterwards. A look that is cut short leaves them to expire.
 */
import type { Clock, Random } from "@everthread/protocol"
import type { Link } from "../connection/link.ts"
import type { Keys } from "../keys.ts"
import { scripts } from "../script.ts"

/** Milliseconds. */
export interface Percentiles {
  readonly p50: number
  readonly p99: number
}

export interface RoundTripsSetup {
  readonly link: Link
  readonly keys: Keys
  /** One that this server holds. */
  readonly partition: number
  readonly clock: Clock
  readonly random: Random
}

const count = 300
const bodyChars = 200
const keptSeconds = 60
const idChars = 12
const nonce = "1000000000000000"

export async function measurePing({ link, clock }: RoundTripsSetup): Promise<Percentiles> {
  return percentilesOf(clock, () => link.send(["PING"]))
}

/** @throws ServerError if the server takes no writes. */
export async function measureAppend({ link, keys, partition, clock, random }: RoundTripsSetup): Promise<Percentiles> {
  const id = `doctor-${random.id(idChars)}`
  const own = (kind: string) => keys.other(partition, "x", `${id}:${kind}`)
  const [log, meta, index] = [own("log"), own("meta"), own("index")]
  const channel = keys.other(partition, "c", id)
  const body = JSON.stringify("x".repeat(bodyChars - 2))
  const create = ["EVAL", scripts.create.lua, "4", log, meta, own("none"), index, nonce, channel, '"doctor"\n\n', id]
  try {
    // In one write, so that the keys have their end from the beginning on.
    await Promise.all([
      link.send([...create, "", "", "", "", "", "0", "[]", "[]", body]),
      ...[log, meta, index].map((key) => link.send(["EXPIRE", key, String(keptSeconds)])),
    ])
    return await percentilesOf(clock, (turn) => {
      const owners = [`0::${turn}`, `0::${turn + 1}`]
      // As appends do it: the text once, its hash from then on.
      const script = turn === 0 ? ["EVAL", scripts.appendOutput.lua] : ["EVALSHA", scripts.appendOutput.sha1]
      return link.send([...script, "2", log, meta, nonce, ...owners, channel, '"doctor"\no\n', body])
    })
  } finally {
    await link.send(["DEL", log, meta, index]).catch(() => undefined)
  }
}

async function percentilesOf(clock: Clock, ask: (turn: number) => Promise<unknown>): Promise<Percentiles> {
  const times: number[] = []
  for (let turn = 0; turn < count; turn++) {
    const startedAt = clock.monotonic()
    await ask(turn)
    times.push(clock.monotonic() - startedAt)
  }
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor(share * count)] ?? 0
  return { p50: at(0.5), p99: at(0.99) }
}
