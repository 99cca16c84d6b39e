/** The three configuration files of a cluster on one machine, as the command reads them. */
import { readFileSync } from "node:fs"
import { loadConfig } from "@everthread/server/config"
import { parse } from "yaml"
import { shippedConfig } from "./support/deploy/nginx-config.ts"
import { repositoryFile } from "./support/deploy/repository.ts"

const files = [1, 2, 3].map((number) => `deploy/cluster/node-${number}.yaml`)

const contents = files.map((path) => parse(readFileSync(repositoryFile(path), "utf8")) as Record<string, object>)
const load = (index: number) =>
  loadConfig({ file: { path: files[index] ?? "", content: contents[index] }, env: {}, flags: {} })

test.each([0, 1, 2])("[CFG1] node %i is configured by its file, without a word of complaint", (index) => {
  const { config, values, notices } = load(index)
  expect(config.serverId).toBe(`node-${index + 1}`)
  expect(config.websocket.port).toBe(8765 + index)
  expect(values["redis.url"]).toBe("redis://127.0.0.1:6379")
  expect(notices).toEqual([])
})

test("the three differ in their port and their name, and in nothing else", () => {
  const [first] = contents
  for (const [index, content] of contents.entries()) {
    const websocket = { ...first?.["websocket"], port: 8765 + index }
    const system = { ...first?.["system"], server_id: `node-${index + 1}` }
    expect(content).toEqual({ ...first, websocket, system })
  }
})

test("they are where the shipped nginx.conf looks for them", () => {
  const addresses = [...shippedConfig.matchAll(/^ +server ([\d.]+:\d+) /gm)].map(([, address]) => address)
  const nodes = contents.map(({ websocket }) => websocket as { host: string; port: number })
  expect(nodes.map(({ host, port }) => `${host}:${port}`)).toEqual(addresses)
})
