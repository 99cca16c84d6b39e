/** Every limit: its name says the unit, its value is the default. */
export const limits = {
  /** One channel value, write, checkpoint without its values, or metadata, serialized. An option of the saver. */
  valueBytesMax: 64 * 1024 * 1024,
  /** Checkpoints in one page of a listing. */
  pageTuplesMax: 16,
  /** Bytes at which a page of a listing or of a history ends; what is larger by itself is a page of its own. */
  pageBytesMax: 1024 * 1024,
  /** Checkpoints that one step of a listing looks at. */
  pageLooksMax: 1_000,
  /** Ancestors that one step of a history looks at. */
  pageAncestorsMax: 512,
} as const
