/** The durable engine for one machine. LangGraph's checkpointer on it is `@everthread/engine-embedded/checkpoints`. */
export * from "./open.ts"
export { type EmbeddedReader, type EmbeddedReaderOptions, openEmbeddedReader } from "./open-reader.ts"
