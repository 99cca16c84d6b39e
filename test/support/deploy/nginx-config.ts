/**
 * The shipped nginx.conf as a test runs it: only addresses, ports and paths are others, and what a comment of it says
 * may be taken in or changed. A replacement that finds nothing throws, so the file and the tests cannot drift apart.
 */
import { readFileSync } from "node:fs"
import { repositoryFile } from "./repository.ts"

export interface NginxSettings {
  /** Ports of the three nodes on 127.0.0.1, in place of 8765, 8766 and 8767. */
  readonly nodes: readonly [number, number, number]
  /** Whether ip_hash is taken in. */
  readonly sticky?: boolean
  /** In place of the 120 s that a connection may be silent. */
  readonly timeoutSeconds?: number
  /** Takes the lines about TLS in. */
  readonly tls?: { readonly certificate: string; readonly key: string; readonly redirectPort: number }
}

export const shippedConfig = readFileSync(repositoryFile("deploy/nginx/nginx.conf"), "utf8")

/** @param folder where everything is that nginx writes, so that it needs no rights. */
export function nginxConfig(settings: NginxSettings, port: number, folder: string): string {
  let config = shippedConfig
  const replace = (what: string | RegExp, by: string) => {
    const replaced = config.replaceAll(what, by)
    if (replaced === config) throw new Error(`deploy/nginx/nginx.conf has no ${what}`)
    config = replaced
  }
  settings.nodes.forEach((node, index) => {
    replace(`server 127.0.0.1:${8765 + index} `, `server 127.0.0.1:${node} `)
  })
  if (settings.sticky) replace("# ip_hash;", "ip_hash;")
  if (settings.timeoutSeconds !== undefined) replace(/(_timeout) 120s;/g, `$1 ${settings.timeoutSeconds}s;`)
  if (settings.tls) takeInTls(replace, settings.tls)
  else replace(/^( +)listen 80;/gm, `$1listen 127.0.0.1:${port};`)
  replace("listen 443 ssl;", `listen 127.0.0.1:${port} ssl;`)
  replace("/var/log/nginx/", `${folder}/`)
  replace("/run/nginx.pid", `${folder}/nginx.pid`)
  replace("http {\n", `http {\n${temporaryPaths(folder)}`)
  return config
}

type Replace = (what: string | RegExp, by: string) => void

/** Does what the comments of the file say. */
function takeInTls(replace: Replace, tls: NonNullable<NginxSettings["tls"]>): void {
  replace(/^ +listen 80;\n/gm, "")
  replace(/# (listen 443 ssl;|ssl_\w+ .*;)$/gm, "$1")
  replace(/(ssl_certificate) .*;$/gm, `$1 ${tls.certificate};`)
  replace(/(ssl_certificate_key) .*;$/gm, `$1 ${tls.key};`)
  replace(/^ {4}# (server \{| {4}listen 80;| {4}return .*;|\})$/gm, "    $1")
  replace("listen 80;", `listen 127.0.0.1:${tls.redirectPort};`)
}

/** They are compiled into nginx, and belong to root where it is installed. */
function temporaryPaths(folder: string): string {
  const kinds = ["client_body", "proxy", "fastcgi", "scgi", "uwsgi"]
  return kinds.map((kind) => `    ${kind}_temp_path ${folder}/${kind};\n`).join("")
}
