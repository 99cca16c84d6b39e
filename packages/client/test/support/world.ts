/** A client on fake sockets, with a clock and a chance of the test's own. */

import { ManualClock, settled } from "../../../../test/support/manual-clock.ts"
import { fixedRandom } from "../../../../test/support/seeded-random.ts"
import { type Client, type ClientOptions, createClient } from "../../src/index.ts"
import { FakeSockets } from "./fake-sockets.ts"

export interface World {
  readonly client: Client
  readonly clock: ManualClock
  readonly sockets: FakeSockets
}

/** @returns a client that has opened its first socket and heard nothing yet. */
export async function newWorld(over: Partial<ClientOptions> = {}): Promise<World> {
  const clock = new ManualClock()
  const sockets = new FakeSockets()
  const client = createClient({
    url: "ws://here/v1",
    user: "ada",
    device: "laptop",
    clock,
    random: fixedRandom(0.5),
    socket: sockets.factory,
    ...over,
  })
  await settled()
  return { client, clock, sockets }
}

/** @returns one that is connected. */
export async function openWorld(over: Partial<ClientOptions> = {}): Promise<World> {
  const world = await newWorld(over)
  world.sockets.newest.welcome()
  await settled()
  return world
}
