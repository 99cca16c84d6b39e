/**
 * What a tool does happens once; where nobody knows how far it had come it is done again, and told so; and what is kept
 * is not done again at all. Only where somebody has looked at what was done, and no store forgot. (SPEC TOO1, TOO2)
 */
import type { Expected, Finding, History } from "../history/history.ts"

export function checkTools({ conversation, tools = [] }: History, { rollback }: Expected): Finding[] {
  if (rollback) return []
  const done = new Set<string>()
  const kept = new Set<string>()
  return tools.flatMap((deed): Finding[] => {
    const name = `${deed.key} of ${deed.run}`
    if (deed.type === "kept") {
      kept.add(name)
      return []
    }
    const isRepeat = done.has(name)
    done.add(name)
    if (kept.has(name)) return [{ law: "tools", conversation, what: `${name} was kept, and is done again` }]
    if (!isRepeat || deed.again) return []
    return [{ law: "tools", conversation, what: `${name} is done again, and not told so` }]
  })
}
