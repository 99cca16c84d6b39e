/**
 * Makes an element hold what a fragment holds, and touches only what differs: text that grows at its end leaves all the
 * paragraphs above it as they are, with whatever somebody has selected in them.
 */
export function patchChildren(host: Element, fragment: DocumentFragment): void {
  const fresh = [...fragment.childNodes]
  for (const [index, node] of fresh.entries()) {
    const held = host.childNodes[index]
    if (held === undefined) host.append(node)
    else if (!held.isEqualNode(node)) held.replaceWith(node)
  }
  while (host.childNodes.length > fresh.length) host.lastChild?.remove()
}
