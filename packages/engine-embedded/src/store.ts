/**
 * The store under the ports: reads, group-committed writes, and what happens when it cannot write.
 *
 * A commit that fails leaves nothing of itself behind. The store is then `read-only`, refuses writes at once,
 * and tries by itself whether there is room again. (SPEC STO2) Only a failure while LMDB wrote its own root
 * page is worse: the environment takes no transaction after it, and the process has to be started again.
 */
import { open, rm } from "node:fs/promises"
import { join } from "node:path"
import { EngineError } from "@everthread/engine"
import { type StatusBoard, statusBoard } from "@everthread/engine/parts"
import type { Clock } from "@everthread/protocol"
import type { Environment } from "./environment.ts"
import { groupCommit } from "./group-commit.ts"
import { globalKeys } from "./keys.ts"
import type { Tables } from "./tables.ts"

/** Room that has to be there before the store is written to again: a little more than nothing, so that it stays ready. */
const probeBytes = 1_048_576

export interface Store {
  readonly status: StatusBoard
  /** Throws `closed` once the engine is. */
  assertOpen(): void
  /** Everything that `look` reads is of one moment. */
  read<T>(look: (tables: Tables) => T): T
  /** Resolves when what `change` wrote is on disk. See `GroupCommit`. */
  write<T>(change: (tables: Tables) => T, told?: (result: T) => void): Promise<T>
  close(): Promise<void>
}

export interface StoreSetup {
  readonly folder: string
  readonly environment: Environment
  readonly clock: Clock
  /** How long to wait before trying again whether there is room, in milliseconds. */
  readonly probeMs: number
  /** Called once, after everything is closed. */
  readonly vacate: () => Promise<void>
}

export function openStore({ folder, environment, clock, probeMs, vacate }: StoreSetup): Store {
  const { root, tables } = environment
  const status = statusBoard()
  const commits = groupCommit(root, failed)
  let closing: Promise<void> | undefined

  async function failed(cause: unknown): Promise<EngineError> {
    const why = cause instanceof Error ? cause.message : String(cause)
    if (!takesTransactions()) {
      status.set({ state: "unavailable", reason: `Writing failed for good (${why}). Mend the disk and start again.` })
      return new EngineError("unknown", `The store failed while it committed: ${why}`, { cause })
    }
    const reason = `Writing failed (${why}): the disk is full or broken. Make room; writing goes on by itself.`
    if (status.current().state === "ready") probeLater()
    status.set({ state: "read-only", reason })
    return new EngineError("read-only", reason, { cause })
  }

  function takesTransactions(): boolean {
    try {
      root.transactionSync(() => undefined)
      return true
    } catch {
      return false
    }
  }

  function probeLater(): void {
    clock.startTimer(probeMs, () => {
      if (closing || status.current().state !== "read-only") return
      void probe().then((ready) => (ready ? status.set({ state: "ready" }) : probeLater()))
    })
  }

  /** A file first: a failed commit is noisy and a failed file is not. */
  async function probe(): Promise<boolean> {
    try {
      await takeRoom(join(folder, "probe"))
      await commits.write(() => void tables.records.put(globalKeys.probe, String(clock.now())))
      return true
    } catch {
      return false
    }
  }

  function assertOpen(): void {
    if (closing) throw new EngineError("closed", "The engine was closed.")
  }

  function assertWritable(): void {
    assertOpen()
    const { state, reason } = status.current()
    if (state !== "ready") throw new EngineError(state, reason ?? state)
  }

  async function shutDown(): Promise<void> {
    await commits.idle()
    status.set({ state: "unavailable", reason: "The engine was closed." })
    await root.close()
    await vacate()
  }

  return {
    status,
    assertOpen,
    read(look) {
      assertOpen()
      return look(tables)
    },
    async write(change, told) {
      assertWritable()
      return commits.write(() => change(tables), told)
    },
    close() {
      closing ??= shutDown()
      return closing
    },
  }
}

/** Fails unless there is room for some more bytes, on disk and not only promised. */
async function takeRoom(path: string): Promise<void> {
  try {
    const file = await open(path, "w")
    try {
      await file.writeFile(Buffer.alloc(probeBytes))
      await file.sync()
    } finally {
      await file.close()
    }
  } finally {
    await rm(path, { force: true })
  }
}
