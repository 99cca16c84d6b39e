/** When a peer was last heard of, and whether it has begun something that it does not end. */

import { ManualClock } from "../../../../test/support/manual-clock.ts"
import { Liveness } from "../../src/connection/liveness.ts"
import { FakeSocket } from "../support/fake-socket.ts"

function watched() {
  const socket = new FakeSocket()
  const clock = new ManualClock()
  return { socket, clock, liveness: new Liveness(socket, clock) }
}

describe("liveness", () => {
  test("[CON3] silence is counted from the last message or control frame", async () => {
    const { clock, liveness } = watched()
    await clock.advance(100)
    expect(liveness.silentMs()).toBe(100)
    liveness.heardControl(6)
    await clock.advance(30)
    expect(liveness.silentMs()).toBe(30)
    liveness.heardMessage()
    expect(liveness.silentMs()).toBe(0)
  })

  test("[CON6] bytes that no frame accounts for are a message under way", async () => {
    const { socket, clock, liveness } = watched()
    expect(liveness.assemblingMs()).toBe(0)
    socket.receivedBytes += 10
    expect(liveness.assemblingMs()).toBe(0)
    await clock.advance(500)
    expect(liveness.assemblingMs()).toBe(500)
    liveness.heardMessage()
    expect(liveness.assemblingMs()).toBe(0)
  })

  test("[CON6] pongs in the middle of a message do not make it look finished", async () => {
    const { socket, clock, liveness } = watched()
    socket.receivedBytes += 10
    liveness.assemblingMs()
    for (let beat = 0; beat < 5; beat++) {
      await clock.advance(100)
      socket.receivedBytes += 6
      liveness.heardControl(6)
    }
    expect(liveness.assemblingMs()).toBe(500)
    expect(liveness.silentMs()).toBe(0)
  })

  test("[CON3] pings and pongs alone are no message", async () => {
    const { socket, clock, liveness } = watched()
    socket.receivedBytes += 600
    liveness.heardControl(600)
    await clock.advance(1_000)
    expect(liveness.assemblingMs()).toBe(0)
  })
})
