/** Where the web app was built to; in a checkout it need not have been, and then browsers are shown what every program is. */
import { existsSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"

export function webAppFolder(): string | undefined {
  const manifest = createRequire(import.meta.url).resolve("@everthread/web/package.json")
  const folder = join(dirname(manifest), "dist/app")
  return existsSync(join(folder, "index.html")) ? folder : undefined
}
