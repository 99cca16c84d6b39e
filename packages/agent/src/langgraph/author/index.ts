/** For whoever writes graphs: questions to people, and tools that have consequences. */
export type { AnswerSchema } from "../../answer-schema.ts"
export { QuestionError } from "../../questions.ts"
export { ask, type Question, type TypedSchema } from "./ask.ts"
export { FencedError, type OnceCall, OnceResultError, once } from "./once.ts"
export { type AuthorConfig, toolKey } from "./tool-key.ts"
