/** Whether devices show the same things in the same order. */

/** @returns pairs that stand next to each other on one device and the other way round on another one, each pair once. */
export function disordersIn(devices: readonly (readonly string[])[]): number {
  // A second time is a doubling, and says nothing of an order.
  const once = devices.map((shown) => [...new Set(shown)])
  const places = once.map((shown) => new Map(shown.map((text, index) => [text, index])))
  const found = new Set<string>()
  for (const shown of once) {
    for (const [index, later] of shown.entries()) {
      const earlier = shown[index - 1]
      if (earlier === undefined) continue
      if (places.some((place) => isTurned(place, earlier, later))) found.add([earlier, later].sort().join("\n"))
    }
  }
  return found.size
}

function isTurned(place: ReadonlyMap<string, number>, earlier: string, later: string): boolean {
  const [before, after] = [place.get(earlier), place.get(later)]
  return before !== undefined && after !== undefined && before > after
}
