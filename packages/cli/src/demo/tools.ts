/** The demo agent's tools. All of them work without a network; one has consequences and needs a person's yes. */
import { tool } from "@langchain/core/tools"
import * as z from "zod"
import { workOut } from "./arithmetic.ts"

const calculator = tool(({ expression }) => String(workOut(expression)), {
  name: "calculator",
  description: "Works out arithmetic: + - * / ^ % and brackets.",
  schema: z.object({ expression: z.string().describe("for example 2+3*4") }),
})

const clock = tool(({ timeZone }) => new Date().toLocaleString("en-GB", { timeZone, timeZoneName: "short" }), {
  name: "clock",
  description: "Tells the date and the time.",
  schema: z.object({ timeZone: z.string().default("UTC").describe("an IANA name such as Europe/Berlin") }),
})

/** It only says that it booked: what matters here is that nothing happens without approval. */
const bookTable = tool(({ people, when }) => `Booked: a table for ${people}, ${when}.`, {
  name: "book_table",
  description: "Books a table in a restaurant. A person has to approve it first.",
  schema: z.object({ people: z.int().min(1), when: z.string() }),
})

export const tools = [calculator, clock, bookTable]

/** Tools that do something in the world. */
export const needsApproval: ReadonlySet<string> = new Set([bookTable.name])
