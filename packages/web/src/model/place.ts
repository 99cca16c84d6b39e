/** Which conversation is open, as the page's address says: `#/c/<id>`. */

export function conversationIn(fragment: string): string | undefined {
  const [, id] = /^#\/c\/([^&/]+)$/.exec(fragment) ?? []
  if (id === undefined) return undefined
  try {
    return decodeURIComponent(id)
  } catch {
    return undefined
  }
}

export function fragmentOf(conversation: string | undefined): string {
  return conversation === undefined ? "#/" : `#/c/${encodeURIComponent(conversation)}`
}
