/** Who is speaking: tokens, and what they are checked with. */
export * from "./authenticator.ts"
export * from "./mint-token.ts"
