/** What was found, for programs. Kinds stay; texts are English and may change. */

import { findingWords } from "./finding-words.ts"
import type { OpenedReader } from "./opened-reader.ts"
import type { Surveyed } from "./survey.ts"

export function reportJson({ reader, occupants }: OpenedReader, surveyed: Surveyed): object {
  const { findings, more, ...looked } = surveyed
  return {
    whole: findings.length === 0,
    store: reader.description,
    occupants,
    looked,
    findings: findings.map((finding) => {
      const { kind, conversation, at, saw } = finding
      const { what, mend } = findingWords[kind]
      return { kind, conversation, at, saw, what: what(finding).en, next: mend.en }
    }),
    more,
  }
}
