/** Parses the AsyncAPI document on standard input and prints what the parser found: `{errors, messages}`. */
import { text } from "node:stream/consumers"
import { Parser } from "@asyncapi/parser"

const severityOfErrors = 0
const { document, diagnostics } = await new Parser().parse(await text(process.stdin))
const errors = diagnostics.filter(({ severity }) => severity === severityOfErrors)
const messages = document?.messages().map((message) => message.id()) ?? []
console.log(JSON.stringify({ errors, messages }))
