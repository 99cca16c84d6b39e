/** What a page that uses the client has to load: minified and compressed, as a bundler makes it. */
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { rolldown } from "rolldown"

const packages = [
  "client/src/react",
  "client/src/browser",
  "client/src/langgraph",
  "client/src/ai-sdk",
  "client/src/ag-ui",
] as const

const source = (folder: string) => fileURLToPath(new URL(`../../${folder}/index.ts`, import.meta.url))

/** @returns the bytes of everything that the module exports, and the names of what it takes from elsewhere. */
async function bundle(entry: string): Promise<{ bytes: number; imports: readonly string[] }> {
  const bundled = await rolldown({
    input: entry,
    platform: "browser",
    external: ["react"],
    resolve: { conditionNames: ["everthread:source", "import", "default"] },
  })
  const { output } = await bundled.generate({ format: "esm", minify: true })
  return { bytes: gzipSync(output[0].code, { level: 9 }).length, imports: output[0].imports }
}

test("the core is at most 15 KB, and needs nothing else", async () => {
  const { bytes, imports } = await bundle(source("client/src"))
  console.info(`@everthread/client: ${bytes} bytes min+gzip`)
  expect(bytes).toBeLessThanOrEqual(15 * 1024)
  expect(imports).toEqual([])
})

test.each(packages)("%s, with what it shares with the core, stays small", async (folder) => {
  const { bytes, imports } = await bundle(source(folder))
  console.info(`@everthread/${folder.replace("/src", "")}: ${bytes} bytes min+gzip`)
  expect(bytes).toBeLessThanOrEqual(12 * 1024)
  expect(imports).toEqual(folder.endsWith("react") ? ["react"] : [])
})
