/** The native protocol, as far as a device needs it that only talks and counts. */
import { protocolVersion } from "@everthread/protocol"
import { fail } from "./child-side.ts"
import type { Dialect, Peer } from "./peer.ts"
import { roomName, userName } from "./rooms.ts"

/** Keys have to be new in every run against one store. */
export function ourDialect(keyPrefix: string): Dialect {
  let requests = 0
  const ask = (peer: Peer, frame: object) => {
    requests += 1
    const key = `${keyPrefix}-${requests}`
    peer.say(JSON.stringify({ ...frame, id: requests, key }))
    return peer.heard(`{"type":"ok","id":${requests},`)
  }
  return {
    path: () => "/v1",
    async greet(peer, room, member) {
      const welcome = peer.heard('{"type":"welcome"')
      const user = userName(room, member)
      peer.say(JSON.stringify({ type: "hello", protocol: protocolVersion, user, device: "bench" }))
      await welcome
    },
    async create(peer, room, members) {
      const others = Array.from({ length: members - 1 }, (_, index) => userName(room, index + 1))
      await ask(peer, { type: "create", conversation: roomName(room), members: others })
    },
    async enter(peer, room) {
      const current = peer.heard('{"type":"upToDate"')
      await ask(peer, { type: "subscribe", conversation: roomName(room) })
      await current
    },
    send(peer, room, text) {
      requests += 1
      const key = `${keyPrefix}-${requests}`
      peer.say(JSON.stringify({ type: "send", id: requests, key, conversation: roomName(room), text }))
      return `{"type":"ok","id":${requests},`
    },
    other(_peer, frame) {
      if (frame.startsWith('{"type":"error"')) fail(`a device was told: ${frame}`)
    },
  }
}
