/** How the web app's files reach a browser. */
import { once } from "node:events"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer, request as httpRequest, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { gunzipSync, gzipSync } from "node:zlib"
import { answer } from "../../src/http/pages.ts"
import { readWebApp } from "../../src/http/web-app.ts"

const folder = mkdtempSync(join(tmpdir(), "everthread-app-"))
const page = "<!doctype html><title>app</title>"
const script = "console.log('app')"
mkdirSync(join(folder, "app/assets"), { recursive: true })
writeFileSync(join(folder, "secret.js"), "secret")
writeFileSync(join(folder, "app/index.html"), page)
writeFileSync(join(folder, "app/notes.txt"), "not of the app")
writeFileSync(join(folder, "app/assets/main-abc.js"), script)
writeFileSync(join(folder, "app/assets/main-abc.js.gz"), gzipSync(script))
writeFileSync(join(folder, "app/assets/main-abc.js.br"), "brotli, to whoever takes it")

const app = readWebApp(join(folder, "app"))
const health = () => ({ node: "one", isDraining: false, engine: { state: "ready" } as const })
const server = createServer((request, response) =>
  answer(request, response, { health, sockets: { native: "/v1" }, metrics: undefined, app, token: true }),
)
beforeAll(() => once(server.listen(0, "127.0.0.1"), "listening"))
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

const browser = { accept: "text/html,*/*" }

/** Not `fetch`, which tidies paths up and unpacks what comes. */
async function get(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<IncomingMessage> {
  const { port } = server.address() as AddressInfo
  const sent = httpRequest({ port, path, headers, method })
  sent.end()
  const [response] = (await once(sent, "response")) as [IncomingMessage]
  return response
}

describe("the page", () => {
  test("is what a browser gets, asked for again at each visit", async () => {
    const response = await get("/", browser)
    expect(await text(response)).toBe(page)
    expect(response.headers).toMatchObject({ "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" })
    expect(response.headers.vary).toContain("accept")
  })

  test("is not sent again to who has it", async () => {
    const { headers } = await get("/", browser)
    const again = await get("/", { ...browser, "if-none-match": String(headers.etag) })
    expect(again.statusCode).toBe(304)
    expect(await text(again)).toBe("")
  })

  test("leaves the same address to every other program, which learns whether it needs a token", async () => {
    const response = await get("/", { accept: "application/json" })
    expect(JSON.parse(await text(response))).toEqual({ name: "everthread", node: "one", native: "/v1", token: true })
    expect(response.headers).toMatchObject({ vary: "accept", "cache-control": "no-store" })
  })

  test("runs no script but our files, and lies in nobody's frame", async () => {
    const { headers } = await get("/", browser)
    const policy = String(headers["content-security-policy"])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("require-trusted-types-for 'script'")
    expect(policy).not.toMatch(/unsafe|\*|data:/)
    expect(headers["x-content-type-options"]).toBe("nosniff")
  })
})

describe("a file whose name has a hash", () => {
  test("is kept for ever", async () => {
    const response = await get("/assets/main-abc.js")
    expect(await text(response)).toBe(script)
    expect(response.headers["cache-control"]).toBe("public, max-age=31536000, immutable")
    expect(response.headers["content-encoding"]).toBeUndefined()
  })

  test.each([
    ["gzip, deflate", "gzip"],
    ["gzip, deflate, br, zstd", "br"],
    ["GZIP;q=0.5, br;q=0", "gzip"],
    ["identity", undefined],
  ])("is sent to %j as %s", async (accepted, encoding) => {
    const response = await get("/assets/main-abc.js", { "accept-encoding": accepted })
    expect(response.headers["content-encoding"]).toBe(encoding)
    response.resume()
  })

  test("is what it was before it was compressed", async () => {
    const response = await get("/assets/main-abc.js", { "accept-encoding": "gzip" })
    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(chunk as Buffer)
    expect(gunzipSync(Buffer.concat(chunks)).toString()).toBe(script)
    expect(Number(response.headers["content-length"])).toBe(Buffer.concat(chunks).length)
  })

  test("has no body where only its headers are asked for", async () => {
    const response = await get("/assets/main-abc.js", {}, "HEAD")
    expect(response.headers["content-length"]).toBe(String(script.length))
    expect(await text(response)).toBe("")
  })
})

test.each([
  "/../secret.js",
  "/assets/../../secret.js",
  "/%2e%2e/secret.js",
  "/..%2fsecret.js",
  "/secret.js",
  "/notes.txt",
  "/assets/main-abc.js.gz",
  "/assets/",
  "//index.html",
])("%s is no file of the app", async (path) => {
  const response = await get(path, browser)
  response.resume()
  expect(response.statusCode).toBe(404)
})

test("a folder without a page is no app", () => {
  expect(readWebApp(join(folder, "nowhere"))).toBeUndefined()
  expect(readWebApp(folder)).toBeUndefined()
})
