/** The frames of `fan-out/ws-node.ts`: the path is the room, and what is sent is answered with its number. */
import type { Dialect, Peer } from "./peer.ts"
import { roomName } from "./rooms.ts"

export function wsDialect(): Dialect {
  let requests = 0
  const send = (peer: Peer, _room: number, text: string) => {
    requests += 1
    peer.say(JSON.stringify({ id: requests, text }))
    return `{"ack":${requests}}`
  }
  return {
    path: (room) => `/${roomName(room)}`,
    async create() {},
    async greet() {},
    async enter() {},
    send,
    other() {},
  }
}
