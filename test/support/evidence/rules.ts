/** The rules of SPEC.md, in its order. */

export interface Rule {
  readonly id: string
  readonly text: string
}

const line = /^- \*\*\[?([A-Z]{3}\d+)(?:\]\([^)]*\))?\*\* (.*(?:\n {2}.*)*)/gm

export function rulesIn(spec: string): Rule[] {
  return [...spec.matchAll(line)].map(([, id = "", text = ""]) => ({ id, text: text.replace(/\s+/g, " ") }))
}

/** @returns the same with each rule's number a link to its evidence. */
export function linked(spec: string): string {
  const plain = /^- \*\*([A-Z]{3}\d+)\*\* /gm
  return spec.replace(plain, (_, id: string) => `- **[${id}](docs/evidence.md#${id.toLowerCase()})** `)
}
