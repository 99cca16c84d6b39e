/** LangGraph's checkpoints in the embedded engine's store. */
export { FencedError } from "./fenced-error.ts"
export { fenceConfigKey } from "./place.ts"
export { EmbeddedSaver, type EmbeddedSaverOptions, type EmbeddedWrite } from "./saver.ts"
