/** AG-UI's own agent over our own client. No dependency on AG-UI: its class is handed in, and its shapes are told by structure. */
export { type ConversationAgentOptions, conversationAgent, type StockAgentClass } from "./conversation-agent.ts"
export { conversationFetch } from "./conversation-fetch.ts"
