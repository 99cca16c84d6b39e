/** A device as a client library would be: it keeps its place, loses its socket, and comes back to where it was. */
import type { Cursor } from "@everthread/protocol"
import type { LocalLog } from "./local-log.ts"
import type { NativeClient } from "./native-client.ts"
import type { TestNode } from "./start-node.ts"

export class ScriptedDevice {
  readonly #node: () => TestNode
  readonly #who: { readonly user: string; readonly device: string }
  #client: NativeClient | undefined
  /** Every seq it was shown, over all its connections. */
  readonly seqs: number[] = []
  readonly faults: string[] = []
  cursor: Cursor | undefined

  /** @param node asked anew for each connection: any node will do. */
  constructor(node: () => TestNode, who: { readonly user: string; readonly device: string }) {
    this.#node = node
    this.#who = who
  }

  /** Connects and follows from where it was; it does not wait until it is up to date. */
  async comeBack(conversation: string): Promise<LocalLog> {
    const client = await this.#node().connect(this.#who)
    const log = client.log(conversation)
    log.cursor = this.cursor
    this.#client = client
    await client.must({
      type: "subscribe",
      conversation,
      ...(this.cursor === undefined ? {} : { cursor: this.cursor }),
    })
    return log
  }

  /** Loses its socket in the middle of whatever is going on, and keeps what it has received. */
  async lose(conversation: string): Promise<void> {
    const client = this.#client
    if (!client) return
    client.cut()
    await client.closed
    const log = client.log(conversation)
    this.cursor = log.cursor
    this.seqs.push(...log.events.map(({ seq }) => seq))
    this.faults.push(...log.faults)
    this.#client = undefined
  }

  async until(what: string, condition: () => boolean): Promise<void> {
    await this.#client?.until(what, condition)
  }
}
