/**
 * The frames of Engine.IO 4 and Socket.IO 5, as far as a device needs them that only talks and counts.
 *
 * A text frame begins with Engine.IO's digit: 0 open, 2 ping, 3 pong, 4 message; a message with Socket.IO's: 0 connect,
 * 2 event, 3 ack. https://socket.io/docs/v4/socket-io-protocol/
 */
import type { Dialect, Peer } from "./peer.ts"
import { roomName } from "./rooms.ts"

export function socketIoDialect(): Dialect {
  let requests = 0
  const emit = (peer: Peer, ...event: unknown[]) => {
    requests += 1
    peer.say(`42${requests}${JSON.stringify(event)}`)
    return requests
  }
  return {
    path: () => "/socket.io/?EIO=4&transport=websocket",
    async greet(peer) {
      const connected = peer.heard("40")
      peer.say("40")
      await connected
    },
    async create() {},
    async enter(peer, room) {
      const joined = peer.heard(`43${emit(peer, "join", roomName(room))}[`)
      await joined
    },
    send: (peer, room, text) => `43${emit(peer, "send", roomName(room), text)}[`,
    other(peer, frame) {
      if (frame === "2") peer.say("3")
    },
  }
}
