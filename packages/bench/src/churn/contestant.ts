/** Whoever is put through the churn: two nodes over one Redis, and devices with whatever client its makers give them. */
import type { Finding, Sent } from "@everthread/sim"
import type { RedisServer } from "@everthread/stage"
import type { Way } from "./way.ts"

export interface Contestant {
  readonly name: string
  /** Versions and settings, for the report. */
  readonly about: string
  /** @returns where it cannot be had here a sentence that says that it is left out, and why. */
  open(): Promise<ChurnStage | { readonly missing: string }>
}

export interface ChurnStage {
  readonly redis: RedisServer
  readonly nodes: readonly ChurnNode[]
  /** Resolves when the device follows the room, live. */
  enter(person: Person, room: string, way: Way): Promise<ChurnDevice>
  /** What is wrong beyond what devices show, where the peer lets that be seen. */
  findings?(room: string): Promise<readonly Finding[]>
  stop(): Promise<void>
}

export interface ChurnNode {
  readonly name: string
  /** `undefined` while it is down. */
  readonly port: number | undefined
  /** Resolves when it serves. */
  start(): Promise<void>
  kill(): Promise<void>
  freeze(): Promise<void>
  thaw(): void
}

export interface Person {
  readonly user: string
  readonly device: string
}

export interface ChurnDevice {
  /** Gives it a message. It is sent, and sent again, in whatever way the peer's documentation recommends. */
  send(text: string): void
  /** Messages that were neither acknowledged nor refused so far. */
  readonly unsettled: number
  /** Whether it says of itself that it is connected and follows the room. */
  readonly isLive: boolean
  /** What a person sees, in its order. */
  readonly shown: readonly string[]
  record(): Promise<DeviceRecord>
  close(): void
}

export interface DeviceRecord extends Person {
  readonly shown: readonly string[]
  readonly sent: readonly Sent[]
  /** When it was told that something may be missing that it cannot get any more. */
  readonly gaps: readonly Gap[]
}

/** From when it last heard anything until it was told. */
export interface Gap {
  readonly fromMs: number
  readonly toMs: number
}
