/** A file system in memory of a size that a test can fill. Only the superuser of Linux can make one. */
import { execFileSync } from "node:child_process"
import { freshFolder } from "./folders.ts"

const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: "pipe" })

function canMount(): boolean {
  const folder = freshFolder()
  try {
    run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder)
    run("umount", folder)
    return true
  } catch {
    console.warn("Skipping what needs a file system of its own: this process may not mount one.")
    return false
  }
}

export const tmpfsWorks = canMount()

/** @param use gets the folder, and a way to change the mount's options. */
export async function withTmpfs(
  size: string,
  use: (folder: string, remount: (options: string) => void) => Promise<void>,
): Promise<void> {
  const folder = freshFolder()
  run("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder)
  try {
    await use(folder, (options) => void run("mount", "-o", `remount,${options}`, folder))
  } finally {
    run("umount", folder)
  }
}
