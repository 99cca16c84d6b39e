/** What the devices of a bare node say and hear. */
import type { Dialect, Peer } from "./peer.ts"
import { roomName } from "./rooms.ts"

export function bareDialect(): Dialect {
  let requests = 0
  const say = (peer: Peer, frame: object) => {
    requests += 1
    peer.say(JSON.stringify({ id: requests, ...frame }))
    return requests
  }
  return {
    path: () => "/",
    async greet() {},
    async create() {},
    async enter(peer, room) {
      await peer.heard(`{"ok":${say(peer, { room: roomName(room) })},`)
    },
    send: (peer, room, text) => `{"ok":${say(peer, { room: roomName(room), text })},`,
    other() {},
  }
}
