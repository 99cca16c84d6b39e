/** The tabs of one browser: the locks and channels that they share, which end with a tab. */
import type { OpenChannel, TabChannel, TabLocks } from "../../src/browser/index.ts"

interface Request {
  readonly tab: object
  readonly grant: () => void
}

/** A browser whose tabs the test opens and ends. */
export class FakeBrowser {
  readonly #locks = new Map<string, Request[]>()
  readonly #channels = new Map<string, Set<FakeChannel>>()
  /** What is on its way between tabs, oldest first, where the test delivers by hand. */
  readonly underWay: (() => void)[] = []
  /** Whether messages wait for `deliver` instead of arriving at the end of the turn. */
  byHand = false

  tab(): FakeTab {
    return new FakeTab(this)
  }

  /** @returns whether anything was delivered. */
  deliver(): boolean {
    const next = this.underWay.shift()
    next?.()
    return next !== undefined
  }

  names(): string[] {
    return [...this.#locks.keys()].filter((name) => this.#queue(name).length > 0)
  }

  enqueue(name: string, request: Request): void {
    const queue = this.#queue(name)
    queue.push(request)
    if (queue.length === 1) queueMicrotask(request.grant)
  }

  isFree(name: string): boolean {
    return this.#queue(name).length === 0
  }

  leave(name: string, request: Request): void {
    const queue = this.#queue(name)
    const had = queue[0] === request
    this.#locks.set(
      name,
      queue.filter((other) => other !== request),
    )
    const next = this.#queue(name)[0]
    if (had && next) queueMicrotask(next.grant)
  }

  /** What the browser does for a tab that is gone. */
  end(tab: FakeTab): void {
    for (const [name, queue] of this.#locks) {
      for (const request of queue.filter((other) => other.tab === tab)) this.leave(name, request)
    }
    for (const channels of this.#channels.values()) {
      for (const channel of channels) if (channel.tab === tab) channels.delete(channel)
    }
  }

  join(name: string, channel: FakeChannel): void {
    const channels = this.#channels.get(name) ?? new Set()
    this.#channels.set(name, channels.add(channel))
  }

  part(name: string, channel: FakeChannel): void {
    this.#channels.get(name)?.delete(channel)
  }

  post(name: string, from: FakeChannel, message: unknown): void {
    const data = structuredClone(message)
    for (const channel of this.#channels.get(name) ?? []) {
      if (channel === from) continue
      const arrive = () => {
        if (this.#channels.get(name)?.has(channel)) channel.receive(data)
      }
      if (this.byHand) this.underWay.push(arrive)
      else queueMicrotask(arrive)
    }
  }

  #queue(name: string): Request[] {
    const queue = this.#locks.get(name) ?? []
    this.#locks.set(name, queue)
    return queue
  }
}

export class FakeTab {
  readonly #browser: FakeBrowser
  readonly #held: (() => void)[] = []
  /** A frozen tab hears nothing until it thaws, and keeps its locks. */
  #frozen = false
  isEnded = false

  constructor(browser: FakeBrowser) {
    this.#browser = browser
  }

  readonly locks: TabLocks = {
    request: (name, options, held) => this.#request(name, options, held),
  }

  readonly channel: OpenChannel = (name) => new FakeChannel(this.#browser, this, name)

  end(): void {
    this.isEnded = true
    this.#browser.end(this)
  }

  freeze(): void {
    this.#frozen = true
  }

  thaw(): void {
    this.#frozen = false
    for (const receive of this.#held.splice(0)) receive()
  }

  /** How much text of other tabs waits for it to thaw. */
  unheardChars = 0

  /** Unless it is gone, and as soon as it is not frozen. */
  hear(receive: () => void): void {
    if (this.isEnded) return
    if (this.#frozen) this.#held.push(receive)
    else receive()
  }

  hearMessage(data: unknown, receive: () => void): void {
    if (this.#frozen) this.unheardChars += JSON.stringify(data).length
    this.hear(receive)
  }

  #request(name: string, options: Parameters<TabLocks["request"]>[1], held: (lock: unknown) => Promise<void>) {
    if (options.ifAvailable && !this.#browser.isFree(name)) return held(null)
    return new Promise<void>((resolve, reject) => {
      const request: Request = { tab: this, grant: () => this.hear(() => void grant()) }
      const grant = async () => {
        if (this.isEnded) return
        isGranted = true
        await held({ name }).then(resolve, reject)
        this.#browser.leave(name, request)
      }
      let isGranted = false
      options.signal?.addEventListener("abort", () => {
        if (isGranted) return
        this.#browser.leave(name, request)
        reject(new Error("AbortError"))
      })
      this.#browser.enqueue(name, request)
    })
  }
}

class FakeChannel implements TabChannel {
  onmessage: ((event: never) => void) | null = null
  readonly tab: FakeTab
  readonly #browser: FakeBrowser
  readonly #name: string

  constructor(browser: FakeBrowser, tab: FakeTab, name: string) {
    this.tab = tab
    this.#browser = browser
    this.#name = name
    browser.join(name, this)
  }

  postMessage(message: unknown): void {
    if (!this.tab.isEnded) this.#browser.post(this.#name, this, message)
  }

  receive(data: unknown): void {
    this.tab.hearMessage(data, () => this.onmessage?.({ data } as never))
  }

  close(): void {
    this.#browser.part(this.#name, this)
  }
}
