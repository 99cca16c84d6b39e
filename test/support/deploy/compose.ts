/**
 * Reads a compose file and complains of what the specification (https://compose-spec.io) does not have, as far as our
 * file goes: a key that is not listed here is either misspelt or to be added.
 */
import { existsSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { parse } from "yaml"

export interface Healthcheck {
  readonly test: string | readonly string[]
  readonly interval?: string
  readonly timeout?: string
  readonly start_period?: string
  readonly retries?: number
}

export interface Service {
  readonly image?: string
  readonly build?: { readonly context: string; readonly dockerfile: string }
  readonly command?: string | readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: Healthcheck
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly stop_grace_period?: string
}

export interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes?: Readonly<Record<string, unknown>>
}

type Environment = Readonly<Record<string, string | undefined>>

/** @throws Error for a variable that must be set and is not. */
export function parseCompose(text: string, environment: Environment): Compose {
  return interpolated(parse(text, { merge: true }), environment) as Compose
}

function interpolated(value: unknown, environment: Environment): unknown {
  if (typeof value === "string") return interpolateText(value, environment)
  if (Array.isArray(value)) return value.map((item) => interpolated(item, environment))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, interpolated(item, environment)]))
}

/** `$$`, `${NAME}`, `${NAME:-default}` and `${NAME:?what to do}`; an empty value counts as none. */
function interpolateText(text: string, environment: Environment): string {
  return text.replaceAll(/\$(?:\$|\{(\w+)(?::([-?])([^}]*))?\}|)/g, (all, name, kind, more) => {
    if (all === "$$") return "$"
    if (all === "$") throw new Error(`a lonely $ in ${text}`)
    const value = environment[name]
    if (value) return value
    if (kind === "?") throw new Error(`${name}: ${more}`)
    return kind === "-" ? more : ""
  })
}

const topKeys = ["name", "services", "volumes", "networks", "configs", "secrets"]
const serviceKeys = [
  "image",
  "build",
  "command",
  "environment",
  "depends_on",
  "healthcheck",
  "ports",
  "volumes",
].concat(["restart", "stop_grace_period", "stop_signal"])
const conditions = ["service_started", "service_healthy", "service_completed_successfully"]
const restarts = ["no", "always", "on-failure", "unless-stopped"]

/** @param file where it is, for what it names. @returns what is wrong: one sentence each. */
export function problemsOf(compose: Compose, file: string): string[] {
  const unknown = Object.keys(compose).filter((key) => !topKeys.includes(key) && !key.startsWith("x-"))
  const services = Object.entries(compose.services)
  return [
    ...unknown.map((key) => `${key} is not known`),
    ...services.flatMap(([name, service]) => serviceProblems(service, compose, file).map((why) => `${name}: ${why}`)),
  ]
}

function serviceProblems(service: Service, compose: Compose, file: string): string[] {
  const { image, build, restart, stop_grace_period } = service as Service & { restart?: string }
  return [
    ...Object.keys(service).flatMap((key) => (serviceKeys.includes(key) ? [] : [`${key} is not known`])),
    ...(image || build ? [] : ["neither image nor build"]),
    ...(build ? missing(resolve(dirname(file), build.context, build.dockerfile)) : []),
    ...(restart === undefined || restarts.includes(restart) ? [] : [`restart: ${restart}`]),
    ...durationProblems("stop_grace_period", stop_grace_period),
    ...dependencyProblems(service, compose),
    ...(service.healthcheck ? healthcheckProblems(service.healthcheck) : []),
    ...(service.ports ?? []).flatMap((port) => (isPort(port) ? [] : [`ports: ${port}`])),
    ...(service.volumes ?? []).flatMap((volume) => volumeProblems(volume, compose, file)),
    ...Object.entries(service.environment ?? {}).flatMap(([name, value]) =>
      typeof value === "string" ? [] : [`environment: ${name} must be text`],
    ),
  ]
}

const missing = (path: string) => (existsSync(path) ? [] : [`there is no ${path}`])

function durationProblems(name: string, value: string | undefined): string[] {
  return value === undefined || /^(\d+(us|ms|s|m|h))+$/.test(value) ? [] : [`${name}: ${value}`]
}

function dependencyProblems({ depends_on = {} }: Service, { services }: Compose): string[] {
  return Object.entries(depends_on).flatMap(([name, { condition }]) => {
    const target = services[name]
    if (!target) return [`depends_on: there is no ${name}`]
    if (!conditions.includes(condition)) return [`depends_on: ${condition}`]
    // A service that is built here has its check in the Dockerfile.
    const isChecked = target.healthcheck !== undefined || target.build !== undefined
    return condition === "service_healthy" && !isChecked ? [`depends_on: ${name} has no healthcheck`] : []
  })
}

function healthcheckProblems({ test, interval, timeout, start_period, retries }: Healthcheck): string[] {
  const [form, ...words] = typeof test === "string" ? ["CMD-SHELL", test] : test
  const fits = (form === "CMD" && words.length > 0) || (form === "CMD-SHELL" && words.length === 1)
  return [
    ...(fits ? [] : [`healthcheck: ${JSON.stringify(test)}`]),
    ...durationProblems("interval", interval),
    ...durationProblems("timeout", timeout),
    ...durationProblems("start_period", start_period),
    ...(retries === undefined || Number.isInteger(retries) ? [] : [`retries: ${retries}`]),
  ]
}

/** `[address:]host:container[/protocol]`. */
function isPort(port: string): boolean {
  const [, host, container] = /^(?:[\d.]+:)?(\d+):(\d+)(?:\/(?:tcp|udp))?$/.exec(port) ?? []
  return [host, container].every((number) => Number(number) >= 1 && Number(number) <= 65_535)
}

/** `source:target[:mode]`: a path if it begins with a dot or a slash, else a volume's name. */
function volumeProblems(volume: string, compose: Compose, file: string): string[] {
  const [, source = "", target] = /^([^:]+):(\/[^:]*)(?::(?:ro|rw))?$/.exec(volume) ?? []
  if (target === undefined) return [`volumes: ${volume}`]
  if (/^[./]/.test(source)) return missing(resolve(dirname(file), source))
  return Object.keys(compose.volumes ?? {}).includes(source) ? [] : [`volumes: there is no ${source}`]
}
