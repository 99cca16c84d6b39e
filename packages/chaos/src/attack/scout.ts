/** Looks at each address before anything goes wrong there: whether a node answers, lets the people in, and what it is called. */
import { createClient, socketsOf } from "@everthread/client"
import type { Clock } from "@everthread/protocol"
import { WebSocket } from "ws"
import type { Cast } from "./cast.ts"
import type { Victim } from "./victim.ts"

export interface Scouted {
  /** The node's own name; the address where another address leads to the same node. */
  readonly name: string
  readonly victim: Victim
}

export class Unreachable extends Error {
  override readonly name = "Unreachable"
  readonly address: string
  /** What was heard, if anything. */
  readonly reason: string | undefined

  constructor(address: string, reason: string | undefined) {
    super(`${address} does not let us in: ${reason ?? "nothing answers"}`)
    this.address = address
    this.reason = reason
  }
}

const answerMsMax = 10_000

export const addressOf = ({ host, port }: Victim): string => `ws://${host.includes(":") ? `[${host}]` : host}:${port}`

/** @throws Unreachable */
export async function scout(victims: readonly Victim[], cast: Cast, clock: Clock): Promise<readonly Scouted[]> {
  const scouted: Scouted[] = []
  for (const victim of victims) {
    const node = await nameOfNode(addressOf(victim), cast, clock)
    const isTaken = scouted.some(({ name }) => name === node)
    scouted.push({ name: isTaken ? addressOf(victim) : node, victim })
  }
  return scouted
}

function nameOfNode(url: string, { devices: [first], prefix, tokens }: Cast, clock: Clock): Promise<string> {
  const user = first?.user ?? ""
  const token = tokens.get(user)
  const who = { user, device: `${prefix}-scout`, ...(token === undefined ? {} : { token }) }
  const client = createClient({ url: `${url}/v1`, ...who, socket: socketsOf(WebSocket) })
  return new Promise<string>((resolve, reject) => {
    const timer = clock.startTimer(answerMsMax, () => reject(new Unreachable(url, undefined)))
    const look = () => {
      const { state } = client
      if (state.name === "open") resolve(state.welcome.node)
      else if (state.name === "unauthorized" || state.name === "closed") reject(new Unreachable(url, state.reason))
      else return
      clock.stopTimer(timer)
    }
    client.onState(look)
    look()
  }).finally(() => client.close())
}
