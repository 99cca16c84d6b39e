/**
 * One device on Centrifugo's own client. Messages are published over the server API with an idempotency key and are sent
 * again until they are taken, one after the other. A subscription recovers from its position by itself; where it says that
 * it could not, what was missed is gone, and there is nobody to ask for it.
 *
 * https://centrifugal.dev/docs/server/history_and_recovery and https://centrifugal.dev/docs/server/server_api
 */
import { setTimeout as pause } from "node:timers/promises"
import { type Clock, systemRandom } from "@everthread/protocol"
import { until } from "@everthread/stage"
import { WebSocket } from "ws"
import type { ChurnDevice, Person } from "./contestant.ts"
import { DeviceLog } from "./device-log.ts"

/** As much of the package `centrifuge` as is used here. */
export interface CentrifugeModule {
  readonly Centrifuge: new (url: string, options: object) => CentrifugeClient
}

interface CentrifugeClient {
  newSubscription(channel: string, options: object): CentrifugeSubscription
  connect(): void
  disconnect(): void
}

interface CentrifugeSubscription {
  readonly state: string
  on(event: "publication", listener: (told: { readonly data: { readonly text: string } }) => void): void
  on(event: "subscribed", listener: (told: Subscribed) => void): void
  subscribe(): void
}

interface Subscribed {
  readonly wasRecovering: boolean
  readonly recovered: boolean
}

const settings = { websocket: WebSocket, minReconnectDelay: 100, maxReconnectDelay: 1_000 }
const answerMsMax = 2_000
const againMs = 100

export async function enterCentrifugo(
  { Centrifuge }: CentrifugeModule,
  person: Person,
  room: string,
  host: string,
  clock: Clock,
): Promise<ChurnDevice> {
  const log = new DeviceLog(person, clock)
  const client = new Centrifuge(`ws://${host}/connection/websocket`, settings)
  const subscription = client.newSubscription(room, { recoverable: true, positioned: true })
  subscription.on("publication", ({ data }) => log.shows(data.text))
  subscription.on("subscribed", ({ wasRecovering, recovered }) => {
    if (wasRecovering && !recovered) log.toldOfGap()
  })
  subscription.subscribe()
  client.connect()
  await until("a Centrifugo device to be subscribed", async () => subscription.state === "subscribed")
  const closed = new AbortController()
  let last: Promise<void> = Promise.resolve()
  return {
    send(text) {
      log.writes(text)
      const publication = { channel: room, data: { text }, idempotency_key: systemRandom.id(16) }
      last = last.then(async () => {
        if (await publish(`http://${host}/api/publish`, publication, closed.signal)) log.acknowledged(text)
      })
    },
    get unsettled() {
      return log.unsettled
    },
    get isLive() {
      return subscription.state === "subscribed"
    },
    get shown() {
      return log.shown
    },
    record: async () => log.record(),
    close() {
      closed.abort()
      client.disconnect()
    },
  }
}

/** Again and again until it is taken. @returns false where the device is closed before. */
async function publish(url: string, publication: object, closed: AbortSignal): Promise<boolean> {
  const body = JSON.stringify(publication)
  while (!closed.aborted) {
    const signal = AbortSignal.timeout(answerMsMax)
    const isTaken = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body, signal })
      .then(async (response) => response.ok && !("error" in ((await response.json()) as object)))
      .catch(() => false)
    if (isTaken) return true
    await pause(againMs)
  }
  return false
}
