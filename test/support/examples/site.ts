/**
 * An example as its page is served: built where it has to be, from the sources of this checkout, or its files as they are. Nothing of
 * it is changed but where it looks for the server.
 */
import { once } from "node:events"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { extname, join, normalize } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "vite"

const root = fileURLToPath(new URL("../../../", import.meta.url))

/** What the examples name, and the README too. */
const usualAddress = "127.0.0.1:8765"

const types: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" }

export class Site {
  readonly #server: Server
  readonly #built: string | undefined

  private constructor(server: Server, built: string | undefined) {
    this.#server = server
    this.#built = built
  }

  /** @param port where its server is. */
  static async of(example: string, port: number): Promise<Site> {
    const source = join(root, "examples", example)
    const needsBuild = existsSync(join(source, "src"))
    const built = needsBuild ? await buildFor(source, port) : undefined
    const server = createServer(({ url = "/" }, response) => {
      const file = fileOf(built ?? source, normalize(new URL(url, "http://here").pathname))
      const type = types[extname(file)]
      if (!type || !existsSync(file)) return response.writeHead(404).end()
      response.writeHead(200, { "content-type": type }).end(pointed(readFileSync(file, "utf8"), port))
    })
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    return new Site(server, built)
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
    if (this.#built) rmSync(this.#built, { recursive: true, force: true })
  }
}

/** `npm i` links our packages from the clone; here they are taken from where the links lead. */
function fileOf(folder: string, path: string): string {
  const [, name, file] = /^\/node_modules\/@everthread\/(\w+)\/(.*)$/.exec(path) ?? []
  if (name !== undefined && file !== undefined) return join(root, "packages", name, file)
  return join(folder, path === "/" ? "index.html" : path)
}

async function buildFor(source: string, port: number): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), "everthread-example-"))
  await build({
    root: source,
    logLevel: "error",
    resolve: { conditions: ["everthread:source", "module", "browser", "import", "default"] },
    plugins: [{ name: "point to the server", transform: (code) => pointed(code, port) }],
    build: { outDir, emptyOutDir: true, rolldownOptions: { onwarn: () => {} } },
  })
  return outDir
}

/** @returns the same text for a server at another port. */
export function pointed(text: string, port: number): string {
  return text.replaceAll(usualAddress, `127.0.0.1:${port}`)
}
