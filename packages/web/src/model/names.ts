/** @returns the names in a text that somebody typed, each once, without oneself. */
export function namesIn(text: string, user: string): string[] {
  const names = text.split(/[\s,;，；、]+/).filter((name) => name !== "" && name !== user)
  return [...new Set(names)]
}
