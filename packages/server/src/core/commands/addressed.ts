/**
 * Which agent a message is for: the one that its command names, the one that its text begins with, or the conversation's
 * own. (SPEC AGT6)
 *
 * `@name` counts only where an agent of that name is served: `@nobody` is what people write to each other. The text stays
 * as it was typed.
 */

/** What may go on a name: then it is another, longer one. */
const goesOn = /^[\p{L}\p{N}_-]/u

export function addressedAgent(
  command: { readonly agent?: string | undefined; readonly text: string },
  own: string | undefined,
  names: readonly string[],
): string | undefined {
  return command.agent ?? mentionedFirst(command.text, names) ?? own
}

/** The longest name that fits: one may be the beginning of another. */
function mentionedFirst(text: string, names: readonly string[]): string | undefined {
  if (!text.startsWith("@")) return undefined
  const fits = (name: string) => text.startsWith(name, 1) && !goesOn.test(text.slice(1 + name.length))
  return names.filter(fits).reduce<string | undefined>((best, name) => {
    return best === undefined || name.length > best.length ? name : best
  }, undefined)
}
