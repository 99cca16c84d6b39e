/** Hooks for React 18 and newer. Whoever does not import this does not need React. */
export { ClientProvider, type ClientProviderProps, useClient } from "./client-context.ts"
export { useConversation } from "./use-conversation.ts"
