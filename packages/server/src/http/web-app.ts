/**
 * The web app's files, as they were built: read once when the server starts, and served from memory.
 *
 * Only what was found then is ever served, so no path can lead out of the folder. What is compressed was compressed when
 * it was built. A page may load and run nothing but these files: its Content-Security-Policy says so, and holds even where
 * an agent's words got past everything else.
 */
import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import type { IncomingMessage, ServerResponse } from "node:http"
import { extname, join, sep } from "node:path"

interface AppFile {
  readonly type: string
  readonly etag: string
  readonly cacheControl: string
  readonly plain: Buffer
  /** By the name of the encoding, the best one first. */
  readonly encoded: readonly (readonly [encoding: string, bytes: Buffer])[]
}

export interface WebApp {
  /** @returns whether it was a request for a file of the app, and is answered. */
  answer(request: IncomingMessage, response: ServerResponse): boolean
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
}

/** Beside each file, its compressed twins. */
const twins = [
  ["br", ".br"],
  ["gzip", ".gz"],
] as const

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // Text becomes elements in one place alone, behind a sanitiser.
  "require-trusted-types-for 'script'",
  "trusted-types dompurify",
].join("; ")

const safety = {
  "content-security-policy": contentSecurityPolicy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
} as const

/** The build puts a hash into these files' names: what a name holds never changes. */
const isHashed = (path: string) => path.startsWith("/assets/")

/** @returns `undefined` where no app was built. */
export function readWebApp(folder: string): WebApp | undefined {
  if (!existsSync(join(folder, "index.html"))) return undefined
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" })
  const files = new Map<string, AppFile>(
    names
      .filter((name) => extname(name) in types)
      .map((name) => [`/${name.split(sep).join("/")}`, readFile(folder, name)] as const),
  )
  const page = files.get("/index.html")
  const fileAt = (path: string, wantsPage: boolean) => (path !== "/" ? files.get(path) : wantsPage ? page : undefined)
  return {
    answer(request, response) {
      if (request.method !== "GET" && request.method !== "HEAD") return false
      const path = (request.url ?? "/").split("?", 1)[0] ?? "/"
      const file = fileAt(path, (request.headers.accept ?? "").includes("text/html"))
      if (file) send(request, response, file)
      return file !== undefined
    },
  }
}

function readFile(folder: string, name: string): AppFile {
  const path = join(folder, name)
  const plain = readFileSync(path)
  return {
    type: types[extname(name)] ?? "application/octet-stream",
    etag: createHash("sha256").update(plain).digest("base64url"),
    cacheControl: isHashed(`/${name.split(sep).join("/")}`) ? "public, max-age=31536000, immutable" : "no-cache",
    plain,
    encoded: twins.flatMap(([encoding, end]) =>
      existsSync(path + end) ? [[encoding, readFileSync(path + end)] as const] : [],
    ),
  }
}

function send(request: IncomingMessage, response: ServerResponse, file: AppFile): void {
  const [encoding, bytes] = chosen(request.headers["accept-encoding"], file)
  const etag = `"${file.etag}${encoding === undefined ? "" : `-${encoding}`}"`
  const headers = {
    ...safety,
    "cache-control": file.cacheControl,
    etag,
    // The page is for browsers; who asks for JSON at the same address gets the node's own words.
    vary: "accept, accept-encoding",
  }
  if (request.headers["if-none-match"] === etag) {
    response.writeHead(304, headers).end()
    return
  }
  response.writeHead(200, {
    ...headers,
    "content-type": file.type,
    "content-length": bytes.length,
    ...(encoding === undefined ? {} : { "content-encoding": encoding }),
  })
  response.end(request.method === "HEAD" ? undefined : bytes)
}

function chosen(accepted: string | undefined, { plain, encoded }: AppFile): readonly [string | undefined, Buffer] {
  const names = (accepted ?? "").split(",").flatMap((part) => {
    const [name = "", quality] = part.trim().split(/\s*;\s*q=/)
    return Number(quality ?? 1) > 0 ? [name.toLowerCase()] : []
  })
  return encoded.find(([encoding]) => names.includes(encoding)) ?? [undefined, plain]
}
