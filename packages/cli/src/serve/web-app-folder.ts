/** Where the web app was built to; it need not have been, and then browsers are shown what every program is. */
import { createRequire } from "node:module"
import { dirname, join } from "node:path"

export function webAppFolder(): string {
  const manifest = createRequire(import.meta.url).resolve("@everthread/web/package.json")
  return join(dirname(manifest), "dist/app")
}
