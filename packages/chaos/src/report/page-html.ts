/**
 * The page: one file that asks nothing of anybody. What people wrote is in it only as JSON, which no browser takes for markup, and
 * the page's own script makes text of it and never elements. The policy allows this script and this style by their digests, and
 * nothing else.
 */
import { createHash } from "node:crypto"
import type { ReportData } from "./report-data.ts"

export interface PageParts {
  readonly script: string
  readonly style: string
}

export function pageHtml(data: ReportData, { script, style }: PageParts): string {
  const policy = `default-src 'none'; script-src ${digestOf(script)}; style-src ${digestOf(style)}; base-uri 'none'; form-action 'none'`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Everthread chaos</title>
<style>${style}</style>
</head>
<body>
<noscript>This report is drawn by a script of its own. What it shows is also in history.jsonl, a line of JSON each.</noscript>
<script type="application/json" id="data">${jsonInHtml(data)}</script>
<script type="module">${script}</script>
</body>
</html>
`
}

/** JSON within a script element ends at the first `</script`, whatever it is a part of; without `<` there is none. */
function jsonInHtml(data: ReportData): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c")
}

const digestOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`
