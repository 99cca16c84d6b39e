/** docs/deploy.md says what is in deploy/. */
import { existsSync, readFileSync } from "node:fs"
import { resolve } from "node:path"
import { loadConfig, optionPaths } from "@everthread/server/config"
import { shippedConfig } from "./support/deploy/nginx-config.ts"
import { repositoryFile } from "./support/deploy/repository.ts"

const page = readFileSync(repositoryFile("docs/deploy.md"), "utf8")
const found = (pattern: RegExp) => [...new Set([...page.matchAll(pattern)].map(([, text = ""]) => text))]

test.each(found(/\]\((?!https?:)([^)#]+)/g))("links to %s, which exists", (path) => {
  expect(existsSync(resolve(repositoryFile("docs"), path))).toBe(true)
})

test.each(found(/\b(deploy\/[\w/-]+(?:\.\w+)?)/g))("names %s, which exists", (path) => {
  expect(existsSync(repositoryFile(path))).toBe(true)
})

test.each(found(/`((?:websocket|redis|system|auth|drain)\.\w+)`/g))("names %s, which is an option", (path) => {
  expect(optionPaths).toContain(path)
})

test.each(found(/`((?:\w+_timeout|ip_hash|worker_connections))`/g))("names %s, which nginx.conf has", (directive) => {
  expect(shippedConfig).toMatch(new RegExp(`^ +(# )?${directive}\\b|^${directive}\\b`, "m"))
})

test("gives the times that are in force", () => {
  const { config } = loadConfig({ env: {}, flags: {} })
  expect(page).toContain(`\`websocket.heartbeat_interval\` (${config.websocket.heartbeatIntervalMs / 1_000} s)`)
  expect(page).toContain(`\`drain.timeout\` (${config.drainTimeoutMs / 1_000} s)`)
  expect(page).toContain(`lives for ${/proxy_read_timeout (\d+)s;/.exec(shippedConfig)?.[1]} s`)
  expect(page).toContain(`within ${/proxy_connect_timeout (\d+)s;/.exec(shippedConfig)?.[1]} s`)
  expect(page).toContain(`alone for ${/fail_timeout=(\d+)s;/.exec(shippedConfig)?.[1]} s`)
  expect(page).toContain(
    `${/worker_shutdown_timeout (\d+)s;/.exec(shippedConfig)?.[1]} s (\`worker_shutdown_timeout\`)`,
  )
})
