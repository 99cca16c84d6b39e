/** The browser that this machine has, if it has one: tests bring none. */
import { existsSync } from "node:fs"
import { type Browser, chromium } from "playwright-core"

const found = [process.env["CHROMIUM"], "/usr/bin/chromium"].find((path) => path !== undefined && existsSync(path))

export const hasChromium = found !== undefined
if (!hasChromium) console.warn("There is no Chromium here, so nothing is tested in a browser: apt-get install chromium")

export function launchChromium(): Promise<Browser> {
  // Without a sandbox of its own: tests run as root in containers, and visit their own server only.
  return chromium.launch({ ...(found === undefined ? {} : { executablePath: found }), args: ["--no-sandbox"] })
}
