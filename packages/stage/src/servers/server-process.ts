/**
 * One process of a server: started, frozen, killed. It knows nothing of what the process serves.
 *
 * It leads a process group, and signals go to the group: a child that rewrites the server's files must not go on
 * writing when its parent has been killed.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { closeSync, existsSync, openSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { forgetPid, notePid } from "./server-folders.ts"
import { until } from "./until.ts"

export type ProcessState = "running" | "frozen" | "ended"

export class ServerProcess {
  readonly pid: number
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>
  #state: ProcessState = "running"

  private constructor(child: ChildProcess, pid: number, folder: string) {
    this.pid = pid
    this.#child = child
    this.#ended = once(child, "exit").then(() => {
      this.#state = "ended"
      forgetPid(folder)
    })
  }

  /** Starts the command in the folder; what it prints is the folder's file `log`. */
  static async start(command: string, args: readonly string[], folder: string): Promise<ServerProcess> {
    const log = openSync(logOf(folder), "w")
    const child = spawn(command, args, { cwd: folder, detached: true, stdio: ["ignore", log, log] })
    closeSync(log)
    if (child.pid === undefined) throw (await once(child, "error"))[0]
    notePid(folder, child.pid)
    child.unref()
    return new ServerProcess(child, child.pid, folder)
  }

  get state(): ProcessState {
    return this.#state
  }

  /** Stops the process where it is, as a machine that pauses does. Resolves when it no longer moves. */
  async freeze(): Promise<void> {
    if (this.#state !== "running") return
    this.#signal("SIGSTOP")
    this.#state = "frozen"
    await until("a process to freeze", () => isStopped(this.pid))
  }

  thaw(): void {
    if (this.#state !== "frozen") return
    this.#signal("SIGCONT")
    this.#state = "running"
  }

  /** Resolves when it is gone. SIGKILL also ends a frozen process. */
  async kill(): Promise<void> {
    if (this.#state !== "ended") {
      // Whoever waits for its end, and for nothing else, must not be over before that.
      this.#child.ref()
      this.#signal("SIGKILL")
    }
    await this.#ended
  }

  /** A process that has just ended may not be known to have: that is no error. */
  #signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error
    }
  }
}

export function logOf(folder: string): string {
  return join(folder, "log")
}

/** A stop signal works when the process is next looked at, so the process table is asked where there is one. */
async function isStopped(pid: number): Promise<boolean> {
  const file = `/proc/${pid}/stat`
  return !existsSync(file) || /\) [TtZ] /.test(await readFile(file, "utf8"))
}
