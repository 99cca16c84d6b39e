/** A certificate authority for the tests of this process, and a certificate for 127.0.0.1 that it signed. */
import { execFile } from "node:child_process"
import { mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { rootFolder } from "./server-folders.ts"

export interface Certificates {
  /** The authority, as PEM text: what a client has to trust. */
  readonly ca: string
  readonly caFile: string
  readonly certFile: string
  readonly keyFile: string
}

const run = promisify(execFile)
const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"]

let made: Promise<Certificates> | undefined

/** One set for all servers of the process, so that replicas and cluster nodes trust each other. */
export function certificates(): Promise<Certificates> {
  made ??= makeCertificates(join(rootFolder(), "certificates"))
  return made
}

async function makeCertificates(folder: string): Promise<Certificates> {
  mkdirSync(folder)
  const openssl = (...args: readonly string[]) => run("openssl", ["req", "-x509", ...newKey, ...args], { cwd: folder })
  await openssl("-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=Tests of Everthread")
  const names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
  const signer = ["-CA", "ca.crt", "-CAkey", "ca.key", "-addext", "basicConstraints=critical,CA:FALSE"]
  await openssl("-keyout", "server.key", "-out", "server.crt", ...names, ...signer)
  const caFile = join(folder, "ca.crt")
  return {
    ca: readFileSync(caFile, "utf8"),
    caFile,
    certFile: join(folder, "server.crt"),
    keyFile: join(folder, "server.key"),
  }
}
