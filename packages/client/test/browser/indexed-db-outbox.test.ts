/** Writes that outlive a tab, on an IndexedDB in memory: who sends them, in which order, and what happens without it. */
import { IDBFactory, IDBObjectStore } from "fake-indexeddb"
import { ManualClock, settled } from "../../../../test/support/manual-clock.ts"
import { seededRandom } from "../../../../test/support/seeded-random.ts"
import { type IndexedDbOutboxOptions, indexedDbOutbox } from "../../src/browser/index.ts"
import { type ClientOptions, clientLimits, type WriteFrame } from "../../src/index.ts"
import { FakeBrowser, type FakeTab } from "../support/fake-tabs.ts"
import { stored } from "../support/frames.ts"
import { newWorld, type World } from "../support/world.ts"

const write = (key: string): WriteFrame => ({ type: "send", conversation: "c", key, text: key })
const keys = (frames: readonly WriteFrame[]) => frames.map(({ key }) => key)

let seed = 0

/** The tabs of one browser with one disk. */
function newDisk() {
  const browser = new FakeBrowser()
  const indexedDB = new IDBFactory()
  const open = (tab: FakeTab, over: IndexedDbOutboxOptions = {}) => {
    const { locks, channel } = tab
    const failed = (error: unknown) => {
      throw error
    }
    seed += 1
    return indexedDbOutbox("ada", { indexedDB, locks, channel, failed, random: seededRandom(seed), ...over })
  }
  return { browser, indexedDB, open }
}

/** Lets the database, which has timers of its own, and everything behind it come to rest. */
async function until(done: () => boolean): Promise<void> {
  while (!done()) await settled()
}

/** Puts a write as it was kept before: under its key alone, whatever its conversation. */
async function keptUnderKeyAlone(factory: IDBFactory, frame: WriteFrame): Promise<void> {
  const opening = factory.open("everthread outbox ada")
  await new Promise((resolve) => opening.addEventListener("success", resolve))
  const transaction = opening.result.transaction("writes", "readwrite")
  transaction.objectStore("writes").put({ key: frame.key, owner: "an earlier tab", frame })
  await new Promise((resolve) => transaction.addEventListener("complete", resolve))
  opening.result.close()
}

describe("an outbox in IndexedDB", () => {
  test("[TAB4] gives back what an ended tab had put and not removed, in its order", async () => {
    const { browser, open } = newDisk()
    const tab = browser.tab()
    const store = open(tab)
    expect(await store.load()).toEqual([])
    for (const key of ["one", "two", "three"]) await store.put(write(key))
    await store.remove(write("two"))
    // Sent again: it keeps its place.
    await store.put(write("one"))
    tab.end()
    expect(await open(browser.tab()).load()).toEqual([write("one"), write("three")])
  })

  test("[ACK3] keeps two writes that two conversations know under one key", async () => {
    const { browser, open } = newDisk()
    const tab = browser.tab()
    const store = open(tab)
    const [here, there] = [write("one"), { ...write("one"), conversation: "d" }]
    for (const one of [here, there, write("two")]) await store.put(one)
    await store.remove(write("two"))
    tab.end()
    expect(await open(browser.tab()).load()).toEqual([here, there])
  })

  test("[ACK3] leaves what an earlier version kept under a key alone to the conversation that it is of", async () => {
    const { browser, indexedDB, open } = newDisk()
    const tab = browser.tab()
    const store = open(tab)
    const [here, there] = [write("one"), { ...write("one"), conversation: "d" }]
    await store.put(there)
    await keptUnderKeyAlone(indexedDB, here)
    await store.remove(there)
    tab.end()
    const heir = browser.tab()
    const heirs = open(heir)
    expect(await heirs.load()).toEqual([here])
    await heirs.remove(here)
    heir.end()
    expect(await open(browser.tab()).load()).toEqual([])
  })

  test("what was not asked to wait keeps its order all the same", async () => {
    const { browser, open } = newDisk()
    const tab = browser.tab()
    const store = open(tab)
    const puts = ["a", "b", "c", "d"].map((key) => store.put(write(key)))
    await Promise.all([...puts, store.remove(write("b"))])
    tab.end()
    expect(keys(await open(browser.tab()).load())).toEqual(["a", "c", "d"])
  })

  test("[TAB4] [ACK3] a living tab's writes are its own; when it ends, exactly one of the others takes them over", async () => {
    const { browser, open } = newDisk()
    const first = browser.tab()
    const store = open(first)
    await store.load()
    await store.put(write("one"))
    await store.put(write("two"))
    const found: string[] = []
    for (const _ of [1, 2, 3]) {
      const other = open(browser.tab())
      other.watch?.((frames) => found.push(...keys(frames)))
      expect(await other.load()).toEqual([])
    }
    first.end()
    await until(() => found.length > 0)
    for (let turn = 0; turn < 10; turn++) await settled()
    expect(found).toEqual(["one", "two"])
  })

  test("[TAB4] the end of a tab that began later is noticed, too", async () => {
    const { browser, open } = newDisk()
    const found: string[] = []
    const early = open(browser.tab())
    early.watch?.((frames) => found.push(...keys(frames)))
    await early.load()
    const late = browser.tab()
    const store = open(late)
    await store.load()
    await store.put(write("late"))
    late.end()
    await until(() => found.length > 0)
    expect(found).toEqual(["late"])
  })

  test("what was taken over is the heir's: a third one gets it only after the heir", async () => {
    const { browser, open } = newDisk()
    const first = browser.tab()
    await open(first).put(write("one"))
    first.end()
    const heir = browser.tab()
    expect(keys(await open(heir).load())).toEqual(["one"])
    const third = open(browser.tab())
    const found: string[] = []
    third.watch?.((frames) => found.push(...keys(frames)))
    expect(await third.load()).toEqual([])
    heir.end()
    await until(() => found.length > 0)
    expect(found).toEqual(["one"])
  })

  test("another name is another outbox", async () => {
    const { browser, indexedDB, open } = newDisk()
    const tab = browser.tab()
    await open(tab).put(write("one"))
    tab.end()
    expect(await indexedDbOutbox("bob", { indexedDB, ...browser.tab() }).load()).toEqual([])
  })

  test("without locks everything is everybody's, and still in order", async () => {
    const { browser, open } = newDisk()
    const store = open(browser.tab(), { locks: undefined, channel: undefined })
    await store.put(write("one"))
    await store.put(write("two"))
    const other = open(browser.tab(), { locks: undefined, channel: undefined })
    expect(keys(await other.load())).toEqual(["one", "two"])
    await other.remove(write("one"))
    await store.remove(write("one"))
    expect(keys(await open(browser.tab(), { locks: undefined }).load())).toEqual(["two"])
  })

  test("lets a newer program have the database, says so, and does not hang", async () => {
    const { browser, indexedDB, open } = newDisk()
    const told: unknown[] = []
    const store = open(browser.tab(), { failed: (error) => told.push(error) })
    await store.put(write("one"))
    await opened(indexedDB.open("everthread outbox ada", 2))
    await expect(store.put(write("two"))).rejects.toMatchObject({ name: "VersionError" })
    expect(told).toMatchObject([{ name: "VersionError" }])
  })

  test("opens the database again when the browser has closed it", async () => {
    const { browser, indexedDB, open } = newDisk()
    const handles: IDBOpenDBRequest[] = []
    const watched = {
      open(name: string, version: number) {
        const request = indexedDB.open(name, version)
        handles.push(request)
        return request
      },
    } as IDBFactory
    const tab = browser.tab()
    const store = open(tab, { indexedDB: watched })
    await store.put(write("one"))
    const first = handles[0]?.result as IDBDatabase
    first.close()
    first.onclose?.(new Event("close"))
    await store.put(write("two"))
    tab.end()
    expect(keys(await open(browser.tab()).load())).toEqual(["one", "two"])
  })
})

function opened(request: IDBOpenDBRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request.onsuccess = resolve
    request.onerror = reject
  })
}

/** As a browser does it: the write is taken, and the transaction fails in the end. */
function fullDisk(this: object): never {
  const { transaction } = this as { transaction: { _abort(name: string): void } }
  transaction._abort("QuotaExceededError")
  return undefined as never
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe("an outbox whose database fails", () => {
  /** @returns what was said. */
  async function toldOf(indexedDB: Partial<IDBFactory> | undefined, clock = new ManualClock()): Promise<unknown[]> {
    const told: unknown[] = []
    const { locks, channel } = new FakeBrowser().tab()
    const store = indexedDbOutbox("ada", {
      ...(indexedDB === undefined ? {} : { indexedDB: indexedDB as IDBFactory }),
      locks,
      channel,
      clock,
      failed: (error) => told.push(error),
    })
    const loading = store.load().catch((error: unknown) => error)
    await clock.advance(clientLimits.storeDeadlineMs)
    await loading
    await store.put(write("one")).catch(() => {})
    return told
  }

  test("because there is none, says so once", async () => {
    expect(await toldOf(undefined)).toMatchObject([{ message: "There is no IndexedDB here" }])
  })

  test("because it may not be opened, says so once", async () => {
    const open = () => {
      throw new DOMException("not here", "SecurityError")
    }
    expect(await toldOf({ open })).toMatchObject([{ name: "SecurityError" }])
  })

  test("because it is blocked, or never answers, is not waited for", async () => {
    const clock = new ManualClock()
    const request: Partial<IDBOpenDBRequest> = {}
    const told: unknown[] = []
    const indexedDB = { open: () => request } as unknown as IDBFactory
    const store = indexedDbOutbox("ada", { indexedDB, ...new FakeBrowser().tab(), clock, failed: (e) => told.push(e) })
    const world = await newWorld({ outbox: store })
    await clock.advance(clientLimits.storeDeadlineMs)
    await settled()
    expect(world.sockets.all).toHaveLength(1)
    expect(told).toMatchObject([{ message: "IndexedDB did not answer in time" }])
    world.client.close()
  })

  test("because the disk is full, costs no message, and says so each time that it begins", async () => {
    const { browser, open } = newDisk()
    const told: unknown[] = []
    const tab = browser.tab()
    const store = open(tab, { failed: (error) => told.push(error) })
    const world = await openWorldWith({ outbox: store })
    const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(fullDisk)
    const sending = world.client.conversation("c").send("hello")
    await expect(store.put(write("more"))).rejects.toMatchObject({ name: "QuotaExceededError" })
    world.sockets.newest.answer("send", stored(3))
    expect(await sending).toMatchObject({ seq: 3 })
    expect(told).toHaveLength(1)
    put.mockRestore()
    await store.put(write("fits"))
    tab.end()
    expect(keys(await open(browser.tab()).load())).toEqual(["fits"])
  })
})

/** A connected client, once the store lets it begin. */
async function openWorldWith(over: Partial<ClientOptions>): Promise<World> {
  const world = await newWorld(over)
  await until(() => world.sockets.all.length > 0)
  world.sockets.newest.welcome()
  return world
}

describe("a client with it", () => {
  test("[ACK3] a reload sends what was under way again, with its key, before anything newer", async () => {
    const { browser, open } = newDisk()
    const tab = browser.tab()
    const store = open(tab)
    const first = await openWorldWith({ outbox: store })
    const sending = first.client.conversation("c").send("from before")
    sending.catch(() => {})
    const { key } = first.sockets.newest.last("send")
    await store.put(write("barrier"))
    await store.remove(write("barrier"))
    tab.end()
    const second = await openWorldWith({ outbox: open(browser.tab()), random: seededRandom(77) })
    await until(() => second.sockets.newest.ofType("send").length > 0)
    expect(second.sockets.newest.ofType("send")).toMatchObject([{ text: "from before", key }])
  })

  test("sends what another tab left when it ended, and shows it as pending meanwhile", async () => {
    const { browser, open } = newDisk()
    const tab = browser.tab()
    const left = open(tab)
    await left.load()
    await left.put(write("left"))
    const world = await openWorldWith({ outbox: open(browser.tab()) })
    const c = world.client.conversation("c")
    expect(world.sockets.newest.ofType("send")).toHaveLength(0)
    tab.end()
    await until(() => world.sockets.newest.ofType("send").length > 0)
    expect(c.snapshot().pending).toMatchObject([{ text: "left", status: "sent" }])
  })

  test("a client that is closed leaves what it has not sent to the next one", async () => {
    const { browser, open } = newDisk()
    const tab = browser.tab()
    const store = open(tab)
    const world = await newWorld({ outbox: store })
    const sending = world.client.conversation("c").send("unsent")
    await store.put(write("barrier"))
    world.client.close()
    await expect(sending).rejects.toThrow()
    await settled()
    const texts = (await open(tab).load()).map((frame) => (frame.type === "send" ? frame.text : ""))
    expect(texts).toEqual(["unsent", "barrier"])
  })
})
