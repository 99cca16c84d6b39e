export const answer: readonly string[]
export function saidAt(place: string): readonly string[]
