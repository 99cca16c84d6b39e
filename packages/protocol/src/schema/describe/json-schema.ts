/** The protocol as one JSON Schema document. (SPEC PRO2) */
import { protocolVersion } from "../../version.ts"
import { describe } from "./definitions.ts"

/** A frame from either side is valid by this document; a definition of it describes one kind of frame or value. */
export function protocolJsonSchema(): { readonly [keyword: string]: unknown } {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Everthread's native protocol",
    description: `Version ${protocolVersion}. Made from the schemas that check the frames; docs/protocol.md explains them.`,
    anyOf: [{ $ref: "#/$defs/up" }, { $ref: "#/$defs/down" }],
    $defs: describe("draft-2020-12", "#/$defs/"),
  }
}
