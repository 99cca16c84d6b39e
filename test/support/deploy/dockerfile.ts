/**
 * Reads a Dockerfile, strictly: what it does not know is an error, because a mistake in this file is otherwise seen only
 * by whoever builds an image.
 */

/** What an instruction runs: a list of words, or a line for the shell. */
export type Command =
  | { readonly form: "exec"; readonly words: readonly string[] }
  | { readonly form: "shell"; readonly line: string }

export interface Copy {
  /** A stage before this one; `undefined`: the context. */
  readonly from: string | undefined
  readonly sources: readonly string[]
  readonly target: string
}

export interface Stage {
  readonly name: string | undefined
  readonly image: string
  readonly copies: readonly Copy[]
  readonly runs: readonly Command[]
  readonly env: ReadonlyMap<string, string>
  readonly user: string | undefined
  readonly workdir: string | undefined
  readonly stopSignal: string | undefined
  readonly exposed: readonly string[]
  readonly volumes: readonly string[]
  readonly entrypoint: Command | undefined
  readonly command: Command | undefined
  readonly healthcheck: { readonly flags: ReadonlyMap<string, string>; readonly command: Command } | undefined
}

/** @returns what the instruction changes. */
type Instruction = (rest: string, stage: Stage) => Partial<Stage>

const instructions: Readonly<Record<string, Instruction>> = {
  COPY: (rest, { copies }) => ({ copies: [...copies, readCopy(rest)] }),
  RUN: (rest, { runs }) => ({ runs: [...runs, readCommand(rest)] }),
  ENV: (rest, { env }) => ({ env: new Map([...env, readVariable(rest)]) }),
  USER: (rest) => ({ user: word(rest) }),
  WORKDIR: (rest) => ({ workdir: word(rest) }),
  STOPSIGNAL: (rest) => ({ stopSignal: word(rest) }),
  EXPOSE: (rest, { exposed }) => ({ exposed: [...exposed, word(rest)] }),
  VOLUME: (rest, { volumes }) => ({ volumes: [...volumes, word(rest)] }),
  ENTRYPOINT: (rest) => ({ entrypoint: readCommand(rest) }),
  CMD: (rest) => ({ command: readCommand(rest) }),
  HEALTHCHECK: (rest) => ({ healthcheck: readHealthcheck(rest) }),
}

/** @throws Error that quotes the line that is wrong. */
export function parseDockerfile(text: string): readonly Stage[] {
  const stages: Stage[] = []
  for (const line of logicalLines(text)) {
    const [, name = "", rest = ""] = /^([A-Z]+) +(.*)$/.exec(line) ?? refuse(line, "wants an instruction")
    if (name === "FROM") stages.push(newStage(rest))
    else stages.push(changed(stages.pop() ?? refuse(line, "stands before the first FROM"), line, name, rest))
  }
  return stages
}

function changed(stage: Stage, line: string, name: string, rest: string): Stage {
  const instruction = instructions[name] ?? refuse(line, "is not known")
  return { ...stage, ...instruction(rest, stage) }
}

function refuse(line: string, why: string): never {
  throw new Error(`Dockerfile: ${why}: ${line}`)
}

/** Without comments and empty lines, and with what a backslash continues in one line. */
function logicalLines(text: string): string[] {
  const lines = text.split("\n").filter((line) => !/^\s*(#|$)/.test(line))
  return `${lines.join("\n")}\n`
    .replaceAll(/\\\n\s*/g, "")
    .trim()
    .split("\n")
}

function newStage(rest: string): Stage {
  const [, image = "", name] = /^(\S+)(?: AS (\S+))?$/.exec(rest) ?? refuse(`FROM ${rest}`, "wants image AS name")
  const unset = { user: undefined, workdir: undefined, stopSignal: undefined, healthcheck: undefined }
  const lists = { copies: [], runs: [], env: new Map<string, string>(), exposed: [], volumes: [] }
  return { name, image, entrypoint: undefined, command: undefined, ...unset, ...lists }
}

function readVariable(rest: string): [name: string, value: string] {
  const [, name = "", value = ""] = /^([A-Z_]+)=(\S+)$/.exec(rest) ?? refuse(`ENV ${rest}`, "wants NAME=value")
  return [name, value]
}

function word(rest: string): string {
  return /^\S+$/.test(rest) ? rest : refuse(rest, "one word is wanted")
}

/** @returns `--name=value` in front of an instruction's words, and what follows. */
function readFlags(text: string, known: readonly string[]): { flags: Map<string, string>; rest: string } {
  const flags = new Map<string, string>()
  let rest = text
  for (;;) {
    const found = /^--([a-z-]+)=(\S+) +/.exec(rest)
    if (!found) return { flags, rest }
    const [all, name = "", value = ""] = found
    if (!known.includes(name)) refuse(text, `--${name} is not known`)
    flags.set(name, value)
    rest = rest.slice(all.length)
  }
}

function readCopy(text: string): Copy {
  const { flags, rest } = readFlags(text, ["from", "chown", "chmod"])
  const words = rest.split(/\s+/)
  if (words.length < 2) refuse(`COPY ${text}`, "wants sources and a target")
  const target = words.at(-1) ?? ""
  const sources = words.slice(0, -1)
  if (sources.length > 1 && !target.endsWith("/")) refuse(`COPY ${text}`, "wants a folder for many sources")
  return { from: flags.get("from"), sources, target }
}

function readCommand(text: string): Command {
  if (!text.startsWith("[")) return { form: "shell", line: text }
  const words: unknown = JSON.parse(text)
  const areWords = Array.isArray(words) && words.length > 0 && words.every((each) => typeof each === "string")
  return areWords ? { form: "exec", words } : refuse(text, "wants a list of strings")
}

function readHealthcheck(text: string): NonNullable<Stage["healthcheck"]> {
  const { flags, rest } = readFlags(text, ["interval", "timeout", "start-period", "start-interval", "retries"])
  if (!rest.startsWith("CMD ")) refuse(`HEALTHCHECK ${text}`, "wants CMD")
  return { flags, command: readCommand(rest.slice("CMD ".length)) }
}
