/** The native protocol, as far as a device needs it that only talks and counts. */
import { protocolVersion } from "@everthread/protocol"
import type { Dialect } from "./peer.ts"
import { fail, type Peer } from "./peer.ts"
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
    path: "/v1",
    async create(peer, room) {
      await greet(peer, room, 0)
      const members = [1, 2, 3].map((member) => userName(room, member))
      await ask(peer, { type: "create", conversation: roomName(room), members })
    },
    async enter(peer, room, member) {
      if (member > 0) await greet(peer, room, member)
      const current = peer.heard('{"type":"upToDate"')
      await ask(peer, { type: "subscribe", conversation: roomName(room) })
      await current
    },
    send(peer, room, text) {
      requests += 1
      const key = `${keyPrefix}-${requests}`
      peer.say(JSON.stringify({ type: "send", id: requests, key, conversation: roomName(room), text }))
    },
    other(_peer, frame) {
      if (frame.startsWith('{"type":"error"')) fail(`a device was told: ${frame}`)
    },
  }
}

async function greet(peer: Peer, room: number, member: number): Promise<void> {
  const welcome = peer.heard('{"type":"welcome"')
  const user = userName(room, member)
  peer.say(JSON.stringify({ type: "hello", protocol: protocolVersion, user, device: "bench" }))
  await welcome
}
