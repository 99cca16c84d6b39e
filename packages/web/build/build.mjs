// Builds the app into dist/app, or the folder that is named, puts a compressed twin beside each file, and says what a
// first visit loads.
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { brotliCompressSync, constants, gzipSync } from "node:zlib"
import { build } from "vite"
import { firstLoadBytes } from "./first-load.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))
const folder = resolve(process.argv[2] ?? join(root, "dist/app"))
const compressible = /\.(?:html|js|css|svg|webmanifest)$/

// Whoever starts this may be a test, and the app has to be what people get: React without its warnings.
process.env.NODE_ENV = "production"
await build({ root, configFile: join(root, "vite.config.ts"), logLevel: "warn", build: { outDir: folder } })

for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
  if (!compressible.test(name)) continue
  const bytes = readFileSync(join(folder, name))
  writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }))
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
  writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes, { params }))
}
console.log(`The web app's first load: ${(firstLoadBytes(folder) / 1_000).toFixed(1)} kB gzip`)
