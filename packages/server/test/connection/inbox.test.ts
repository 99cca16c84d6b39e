/** What one peer has sent: in order, one at a time, bounded by slowing the peer down. */

import { settled } from "../../../../test/support/manual-clock.ts"
import { Inbox } from "../../src/connection/inbox.ts"
import { FakeSocket } from "../support/fake-socket.ts"

function inboxWith(handle: (text: string) => Promise<void>) {
  const socket = new FakeSocket()
  return { socket, inbox: new Inbox(socket, { handle }) }
}

describe("an inbox", () => {
  test("frames are handled one after the other, in order", async () => {
    const handled: string[] = []
    let atOnce = 0
    const { inbox } = inboxWith(async (text) => {
      expect(++atOnce).toBe(1)
      await settled()
      handled.push(text)
      atOnce--
    })
    const texts = Array.from({ length: 10 }, (_, at) => `${at}`)
    for (const text of texts) inbox.push(text)
    while (handled.length < texts.length) await settled()
    expect(handled).toEqual(texts)
  })

  test("[CON6] a peer that sends faster than it is served is slowed down, and nothing is dropped", async () => {
    const release: (() => void)[] = []
    let handled = 0
    const { socket, inbox } = inboxWith(async () => {
      await new Promise<void>((resolve) => release.push(resolve))
      handled++
    })
    for (let sent = 0; sent < 64; sent++) inbox.push("x")
    expect(socket.paused).toBe(false)
    inbox.push("x")
    expect(socket.paused).toBe(true)
    // What was read before the pause still arrives.
    for (let sent = 0; sent < 35; sent++) inbox.push("x")
    while (handled < 100) {
      release.shift()?.()
      await settled()
      if (handled < 60) expect(socket.paused).toBe(true)
    }
    expect(socket.paused).toBe(false)
  })
})
