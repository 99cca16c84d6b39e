/** The schemas that check and describe what travels and what is stored. Needs `zod`; the client does without. */

export { protocolAsyncApi } from "./describe/asyncapi.ts"
export { definitions } from "./describe/definitions.ts"
export { protocolJsonSchema } from "./describe/json-schema.ts"
export { schemaHash } from "./describe/schema-hash.ts"
export * as down from "./down/index.ts"
export { eventBody, logEvent } from "./events/index.ts"
export * as fields from "./fields.ts"
export * as state from "./state.ts"
export { explainIssue } from "./up/explain.ts"
export { hello, upFrame } from "./up/index.ts"
export { type ReadUpFrame, readUpFrame } from "./up/read.ts"
