/**
 * Packages that only a comparison needs and that nobody should have to install with Everthread: fetched by npm when they are
 * first asked for, of exact versions, without running their scripts, into a folder outside of the repository.
 */
import { execFile } from "node:child_process"
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"

export interface Wanted {
  /** Of the folder: changes with the versions. */
  readonly name: string
  readonly dependencies: Readonly<Record<string, string>>
  readonly overrides?: Readonly<Record<string, string>>
}

const installMsMax = 300_000
const cache = join(homedir(), ".cache", "everthread")

export const isInstalled = ({ name }: Wanted): boolean => existsSync(join(cache, name))

/** @returns the folder that holds `node_modules`, or in words why there is none. */
export async function installed(wanted: Wanted): Promise<{ readonly folder: string } | { readonly missing: string }> {
  const folder = join(cache, wanted.name)
  if (existsSync(folder)) return { folder }
  const making = `${folder}.${process.pid}`
  try {
    mkdirSync(making, { recursive: true })
    const { dependencies, overrides } = wanted
    writeFileSync(join(making, "package.json"), JSON.stringify({ private: true, dependencies, overrides }))
    const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--legacy-peer-deps"]
    await promisify(execFile)("npm", args, { cwd: making, timeout: installMsMax })
    // Whole or not at all, whatever becomes of this process.
    renameSync(making, folder)
    return { folder }
  } catch (error) {
    rmSync(making, { recursive: true, force: true })
    return { missing: `npm could not install ${wanted.name}: ${error instanceof Error ? error.message : error}` }
  }
}
