/** Reads `/metrics` as Prometheus does, and takes nothing that it would not take. */

export interface Family {
  readonly help: string
  readonly type: string
  /** By name and labels as they are written: `a_bucket{le="1"}`. */
  readonly samples: Map<string, number>
}

/** What one scrape has found. */
export class Scrape {
  readonly families: ReadonlyMap<string, Family>

  constructor(text: string) {
    this.families = parseExposition(text)
  }

  /** @param sample its name, and its labels where it has some. @returns `undefined` if there is no such sample. */
  value(sample: string): number | undefined {
    for (const { samples } of this.families.values()) if (samples.has(sample)) return samples.get(sample)
    return undefined
  }
}

export async function scrape(port: number, headers: Record<string, string> = {}): Promise<Scrape> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers })
  if (response.status !== 200) throw new Error(`/metrics answers ${response.status}`)
  return new Scrape(await response.text())
}

const label = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"'
const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/
const sample = new RegExp(`^([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{${label}(?:,${label})*\\})? (\\S+)$`)
const types = ["counter", "gauge", "histogram", "summary"]

/** @throws Error for whatever the text format of Prometheus (0.0.4) does not allow. */
export function parseExposition(text: string): Map<string, Family> {
  if (!text.endsWith("\n")) throw new Error("the last line has no end")
  const families = new Map<string, Family>()
  const helps = new Map<string, string>()
  for (const line of text.split("\n").filter((line) => line !== "")) {
    const [, kind, name = "", rest = ""] = comment.exec(line) ?? []
    if (kind === "HELP") addHelp(helps, name, rest)
    else if (kind === "TYPE") addType(families, helps, name, rest)
    else addSample(families, line)
  }
  return families
}

function addHelp(helps: Map<string, string>, name: string, help: string): void {
  if (helps.has(name)) throw new Error(`${name} is explained twice`)
  helps.set(name, help)
}

function addType(families: Map<string, Family>, helps: ReadonlyMap<string, string>, name: string, type: string): void {
  const help = helps.get(name)
  if (help === undefined) throw new Error(`${name} has no HELP before its TYPE`)
  if (families.has(name)) throw new Error(`${name} has two types`)
  if (!types.includes(type)) throw new Error(`${name} is a ${type}, which is nothing`)
  families.set(name, { help, type, samples: new Map() })
}

function addSample(families: ReadonlyMap<string, Family>, line: string): void {
  const [, name = "", labels = "", text = ""] = sample.exec(line) ?? []
  const value = text === "+Inf" ? Number.POSITIVE_INFINITY : text === "Nan" ? Number.NaN : Number(text)
  if (name === "" || (Number.isNaN(value) && text !== "Nan")) throw new Error(`no sample: ${line}`)
  const family = families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, ""))
  if (!family) throw new Error(`a sample without its TYPE: ${line}`)
  if (family.samples.has(name + labels)) throw new Error(`twice: ${line}`)
  family.samples.set(name + labels, value)
}
