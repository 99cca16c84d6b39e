/** Logging: lines for people and for machines, files that rotate, and no secrets in either. */
export * from "./create-log.ts"
