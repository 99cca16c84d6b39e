/** Serves this folder to this machine: its files as they are, and the clone's packages through npm's links. */
import { readFile } from "node:fs/promises"
import { createServer } from "node:http"
import { extname, join } from "node:path"

const port = Number(process.env.PORT ?? 4173)
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8" }

const server = createServer(async ({ url }, response) => {
  // An URL has no `..` left once it is parsed, so nobody leaves the folder.
  const { pathname } = new URL(url, "http://here")
  const path = pathname === "/" ? "/index.html" : pathname
  const type = types[extname(path)]
  const file = type && (await readFile(join(import.meta.dirname, path)).catch(() => undefined))
  response.writeHead(file ? 200 : 404, { "content-type": type ?? "text/plain" }).end(file)
})
server.listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`))
