/**
 * What `graph.streamEvents(…, {version: "v3"})` emits, as far as we look at it.
 *
 * Everything inside `data` is made by a graph that somebody else wrote: no field is believed unseen.
 */
export interface StreamEvent {
  readonly method: string
  readonly params: {
    /** The path of `node:task` pairs from the root graph. */
    readonly namespace: readonly string[]
    readonly node?: string
    readonly data: unknown
  }
}

export type Fields = { readonly [key: string]: unknown }

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

export function textField(fields: Fields, name: string): string | undefined {
  const value = fields[name]
  return typeof value === "string" ? value : undefined
}
