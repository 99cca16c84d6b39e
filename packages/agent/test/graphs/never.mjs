await new Promise(() => {})
export const graph = undefined
