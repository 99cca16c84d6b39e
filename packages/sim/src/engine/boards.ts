/** What nodes hear beside the logs they listen to: that runs were opened, and that members changed. Both may be lost. */
import type { AppendRequest } from "@everthread/engine"
import { listenerSet } from "@everthread/engine/parts"
import type { Host } from "../world/host.ts"
import type { HearsAll } from "./pub-sub.ts"
import type { StoreLink } from "./store-link.ts"
import { keys } from "./told.ts"

type Changes = Pick<AppendRequest, "conversation" | "runs" | "members">

const openings = "openings"
const members = "members"
const noPartition = 0

export class Boards {
  readonly #pubSub: HearsAll
  readonly #opened = listenerSet<[conversation: string, run: string]>()
  readonly #changed = listenerSet<[conversation: string, users: readonly string[]]>()

  constructor(host: Host, link: StoreLink, pubSub: HearsAll) {
    this.#pubSub = pubSub
    const ear = pubSub.join(host, link, {
      message: (channel, text) => this.#message(channel, JSON.parse(text) as [string, ...string[]]),
      again: (channel) => this.#missed(channel),
    })
    for (const channel of [openings, members]) {
      ear.hold(noPartition, channel).then(
        () => this.#missed(channel),
        () => undefined,
      )
    }
  }

  onOpened(listener: (conversation: string, run: string) => void): () => void {
    return this.#opened.add(listener)
  }

  onChanged(listener: (conversation: string, users: readonly string[]) => void): () => void {
    return this.#changed.add(listener)
  }

  /** By the store, in the step of an append: to whoever listens to the conversation, and to the boards. */
  tellAppended({ conversation, runs = [], members: changed = [] }: Changes, text: string): void {
    this.#pubSub.publish(keys.channel(keys.partitionOf(conversation)), text)
    for (const { run, state } of runs) {
      if (state === "open") this.#pubSub.publish(openings, JSON.stringify([conversation, run]))
    }
    const users = changed.map(({ user }) => user)
    if (users.length > 0) this.#pubSub.publish(members, JSON.stringify([conversation, ...users]))
  }

  #message(channel: string, [conversation, ...rest]: [string, ...string[]]): void {
    if (channel === members) this.#changed.tell(conversation, rest)
    else this.#opened.tell(conversation, rest[0] ?? "")
  }

  #missed(channel: string): void {
    if (channel === members) this.#changed.tell("", [])
    else this.#opened.tell("", "")
  }
}
