/** The version of the native protocol. A test fails when a schema changes and this does not. (SPEC PRO1) */
export const protocolVersion = 1
