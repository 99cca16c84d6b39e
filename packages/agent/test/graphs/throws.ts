function readTheKey(): string {
  throw new Error("MODEL_KEY is not set")
}
export const graph = readTheKey()
