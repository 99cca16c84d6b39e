// What a browser loads before it shows anything: the page, and what the page names.
import { readFileSync, statSync } from "node:fs"
import { join } from "node:path"

/** @returns bytes of gzip. @param {string} folder of the built app. */
export function firstLoadBytes(folder) {
  const page = readFileSync(join(folder, "index.html"), "utf8")
  const named = [...page.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map(([, name = ""]) => name)
  return ["index.html", ...named].reduce((sum, name) => sum + statSync(join(folder, `${name}.gz`)).size, 0)
}
