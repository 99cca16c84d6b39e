/** An answer that has ended: how long it is kept for somebody who does not read it. */
import { EventEmitter } from "node:events"
import type { ServerResponse } from "node:http"
import { ManualClock } from "../../../../test/support/manual-clock.ts"
import { Tick } from "../../src/connection/tick.ts"
import type { Core } from "../../src/core/core.ts"
import { EventStreamResponse } from "../../src/gateways/http/event-stream-response.ts"

/** As much of an answer as its owner sees: nobody reads it by itself. */
class Unread extends EventEmitter {
  destroyed = false
  writableLength = 0
  isEnded = false
  writeHead(): void {}
  flushHeaders(): void {}
  cork(): void {}
  uncork(): void {}
  write(piece: Uint8Array): void {
    this.writableLength += piece.length
  }
  end(): void {
    this.isEnded = true
  }
  destroy(): void {
    this.destroyed = true
    this.emit("close")
  }
}

function ended() {
  const clock = new ManualClock()
  const response = new Unread()
  const stream = new EventStreamResponse(
    {
      core: { clock, meter: { errorSent: () => undefined } } as unknown as Core,
      actor: { user: "ada", device: "ag-ui" },
      conversation: "c",
      response: response as unknown as ServerResponse,
      tick: new Tick(clock),
      bounds: { outboxBytesMax: 1_000_000, outboxCoalesceBytes: 65_536 },
      expiresAt: undefined,
      gateway: "ag-ui",
      measure: () => () => undefined,
      ended: () => undefined,
    },
    { deliver: () => undefined, snapshot: () => undefined, upToDate: () => undefined, failure: () => new Uint8Array() },
  )
  stream.start()
  for (let at = 0; at < 5; at++) stream.send(new Uint8Array(100_000))
  stream.end()
  return { clock, response }
}

test("[DLV3] what waits when it ends is handed over whole, and dropped when nobody reads any of it for long", async () => {
  const { clock, response } = ended()
  expect(response.isEnded).toBe(true)
  expect(response.writableLength).toBe(500_000)
  await clock.advance(29_000)
  expect(response.destroyed).toBe(false)
  await clock.advance(2_000)
  expect(response.destroyed).toBe(true)
})

test("[DLV3] it is kept for as long as somebody reads on, however slowly", async () => {
  const { clock, response } = ended()
  for (let at = 0; at < 20; at++) {
    response.writableLength -= 1_000
    await clock.advance(30_000)
  }
  expect(response.destroyed).toBe(false)
})
