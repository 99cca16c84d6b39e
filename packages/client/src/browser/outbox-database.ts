/**
 * The writes of all tabs in one IndexedDB database, each with the tab that has to send it.
 *
 * `place` is given by the database and rises: it is the order of the writes, and putting a write again keeps it.
 * Every method is one transaction.
 */
import type { WriteFrame } from "../frames.ts"
import { idOf } from "../outbox-entry.ts"

interface Row {
  readonly place?: number
  /** What the write is known by. */
  readonly key: string
  readonly owner: string
  readonly frame: WriteFrame
}

/** A write that another tab had left, and where in the order of all of them it stands. */
export interface AdoptedWrite {
  readonly place: number
  readonly frame: WriteFrame
}

const writes = "writes"

export class OutboxDatabase {
  readonly #database: IDBDatabase

  /** @param ended is called when the browser has closed it: another try may open it again. */
  private constructor(database: IDBDatabase, ended: () => void) {
    this.#database = database
    database.onclose = ended
    // A newer version of this program, in another tab, waits for us to let go.
    database.onversionchange = () => {
      database.close()
      ended()
    }
  }

  static open(factory: IDBFactory, name: string, ended: () => void): Promise<OutboxDatabase> {
    return new Promise((resolve, reject) => {
      const request = factory.open(name, 1)
      request.onupgradeneeded = () => createTable(request.result)
      request.onsuccess = () => resolve(new OutboxDatabase(request.result, ended))
      request.onerror = () => reject(request.error)
      request.onblocked = () => reject(new Error("Another tab holds an older version of the database"))
    })
  }

  close(): void {
    this.#database.close()
  }

  put(owner: string, frame: WriteFrame): Promise<void> {
    return this.#transact("readwrite", (table) => {
      const key = idOf(frame)
      const request = table.index("key").getKey(key)
      request.onsuccess = () => {
        const place = request.result as number | undefined
        table.put({ key, owner, frame, ...(place === undefined ? {} : { place }) } satisfies Row)
      }
    })
  }

  /** Also where it was kept under its key alone, as it was before: another conversation's may stand there. */
  remove(frame: WriteFrame): Promise<void> {
    return this.#transact("readwrite", (table) => {
      const id = idOf(frame)
      for (const key of [id, frame.key]) {
        const request = table.index("key").get(key)
        request.onsuccess = () => {
          const row = request.result as Row | undefined
          if (row?.place !== undefined && idOf(row.frame) === id) table.delete(row.place)
        }
      }
    })
  }

  /** @returns every tab that has left a write here. */
  async owners(): Promise<readonly string[]> {
    const owners: string[] = []
    await this.#transact("readonly", (table) => {
      const request = table.index("owner").openKeyCursor(null, "nextunique")
      request.onsuccess = () => {
        const cursor = request.result
        if (!cursor) return
        owners.push(String(cursor.key))
        cursor.continue()
      }
    })
    return owners
  }

  /** Makes a tab's writes those of another one. @returns them, in their order. */
  async adopt(from: string, owner: string): Promise<readonly AdoptedWrite[]> {
    const adopted: AdoptedWrite[] = []
    await this.#transact("readwrite", (table) => {
      const request = table.index("owner").openCursor(from)
      request.onsuccess = () => {
        const cursor = request.result
        if (!cursor) return
        const row = cursor.value as Row
        adopted.push({ place: Number(cursor.primaryKey), frame: row.frame })
        cursor.update({ ...row, owner })
        cursor.continue()
      }
    })
    return adopted
  }

  #transact(mode: IDBTransactionMode, run: (table: IDBObjectStore) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction(writes, mode)
      transaction.oncomplete = () => resolve()
      // Out of room, above all: that shows when the transaction ends, not when the write is asked for.
      transaction.onabort = () => reject(transaction.error ?? new Error("The database took nothing"))
      run(transaction.objectStore(writes))
    })
  }
}

function createTable(database: IDBDatabase): void {
  const table = database.createObjectStore(writes, { keyPath: "place", autoIncrement: true })
  table.createIndex("key", "key", { unique: true })
  table.createIndex("owner", "owner")
}
