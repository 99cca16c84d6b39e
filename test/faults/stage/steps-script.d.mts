export const stale: string
export const answer: readonly string[]
