/** compose-split.yaml and agents.yaml: gateways and workers apart, as far as it can be tried without containers. */
import { readFileSync } from "node:fs"
import { envOf, loadConfig, optionAt, optionPaths } from "@everthread/server/config"
import { parse } from "yaml"
import { parseCompose, problemsOf } from "./support/deploy/compose.ts"
import { repositoryFile } from "./support/deploy/repository.ts"

const secrets = { JWT_SECRET: "a secret that is long enough for HS256", REDIS_PASSWORD: "0123456789abcdef" }
const read = (path: string) => readFileSync(repositoryFile(path), "utf8")
const base = parseCompose(read("deploy/compose.yaml"), secrets)
const split = parseCompose(read("deploy/compose-split.yaml"), secrets)
/** As compose puts the two files together. */
const environmentOf = (name: string) => ({ ...base.services[name]?.environment, ...split.services[name]?.environment })
const nodes = ["node-1", "node-2", "node-3"]
const workers = ["worker-1", "worker-2"]

test("compose-split.yaml is what the specification of compose files has", () => {
  const names = [...new Set([...Object.keys(base.services), ...Object.keys(split.services)])]
  const services = Object.fromEntries(names.map((name) => [name, { ...base.services[name], ...split.services[name] }]))
  expect(problemsOf({ ...base, ...split, services }, repositoryFile("deploy/compose-split.yaml"))).toEqual([])
  expect(Object.keys(split.services)).toEqual([...nodes, ...workers])
})

test("[NOD6] the nodes serve people, the workers run agents, on one Redis, and each is called something else", () => {
  const loaded = [...nodes, ...workers].map((name) => loadConfig({ env: environmentOf(name), flags: {} }))
  const configs = loaded.map(({ config }) => config)
  expect(configs.map(({ role }) => role)).toEqual(["gateway", "gateway", "gateway", "agent", "agent"])
  expect(configs.map(({ serverId }) => serverId)).toEqual([...nodes, ...workers])
  expect(new Set(configs.map(({ redis }) => redis?.url)).size).toBe(1)
  expect(loaded.flatMap(({ notices }) => notices)).toEqual([])
})

test("[CFG3] a worker is not given what tokens are made with", () => {
  for (const name of workers) expect(Object.keys(environmentOf(name))).not.toContain("JWT_SECRET")
})

test("the variables are ones that the server has", () => {
  const known = optionPaths.map((path) => envOf(path, optionAt(path)))
  for (const { environment = {} } of Object.values(split.services)) {
    for (const name of Object.keys(environment)) expect(known).toContain(name)
  }
})

test("[NOD6] agents.yaml is a node of the role agent, on a port of its own", () => {
  const path = "deploy/cluster/agents.yaml"
  const { config, notices } = loadConfig({ file: { path, content: parse(read(path)) }, env: {}, flags: {} })
  expect(notices).toEqual([])
  expect([config.role, config.serverId, config.websocket.port]).toEqual(["agent", "agents-1", 8775])
})
