/** Frames about the connection itself: who is speaking, and whether it still lives. */
import * as z from "zod"
import { id } from "../fields.ts"
import { requestId } from "./request.ts"

export const hello = z.object({
  type: z.literal("hello"),
  protocol: z.int().min(1),
  device: id,
  /** With authentication off, who is speaking; with it on, the token's `sub`, and optional here. */
  user: id.optional(),
  /** A JWT, where authentication is on. */
  token: z.string().max(8_192, "a token may have at most 8192 characters").optional(),
})

/** A fresh token before the old one expires. */
const token = z.object({
  type: z.literal("token"),
  id: requestId,
  token: z.string().max(8_192, "a token may have at most 8192 characters"),
})

/** For clients that cannot send WebSocket pings, browsers above all. */
const ping = z.object({ type: z.literal("ping"), id: requestId })

export const connectionCommands = [hello, token, ping] as const
