/**
 * Ends this process. With 0 its store is closed, and it exits like any other. Otherwise the store may be writing, and is
 * built to be cut off there: LMDB waits for that write when a process exits, and for ever where the event loop that
 * would let it go on turns no more. So the process is killed, as a crash would.
 */
export function endProcess(code: number): void {
  if (code === 0) process.exit(0)
  process.kill(process.pid, "SIGKILL")
}
