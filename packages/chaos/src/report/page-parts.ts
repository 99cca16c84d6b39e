/**
 * The page's script and style, from `page/`. Its modules are joined into one, because a page that is one file has nowhere to
 * import from: each becomes a function that is called once and gives what the module exports. One comes after those it imports.
 */
import { readFile } from "node:fs/promises"
import type { PageParts } from "./page-html.ts"

/** Beside the sources, also when this is run from what was built. */
const folder = new URL("../../src/report/page/", import.meta.url)

const modules = [
  "texts.mjs",
  "element.mjs",
  "format.mjs",
  "operations.mjs",
  "view.mjs",
  "tooltip.mjs",
  "paint.mjs",
  "plot.mjs",
  "timeline.mjs",
  "rate.mjs",
  "latency.mjs",
  "overview.mjs",
  "charts.mjs",
  "head.mjs",
  "findings.mjs",
  "faults.mjs",
  "main.mjs",
]

export async function readPageParts(): Promise<PageParts> {
  const sources = await Promise.all(modules.map((name) => readFile(new URL(name, folder), "utf8")))
  const styles = await Promise.all(["style.css", "charts.css"].map((name) => readFile(new URL(name, folder), "utf8")))
  const script = sources.map((source, index) => called(modules[index] ?? "", source)).join("\n")
  return { script: `\n${script}`, style: `\n${styles.join("\n")}` }
}

function called(name: string, source: string): string {
  const exported = [...source.matchAll(/^export (?:async )?(?:function|const) (\w+)/gm)].map(([, each]) => each)
  const body = source
    .replaceAll(
      /^import (\{[^}]*\}) from "\.\/([\w-]+\.mjs)"$/gm,
      (_, names, from) => `const ${names} = ${constantOf(from)}`,
    )
    .replaceAll(/^export /gm, "")
  return `const ${constantOf(name)} = (() => {\n${body}\nreturn { ${exported.join(", ")} }\n})()\n`
}

const constantOf = (name: string): string => `of_${name.replace(/\W/g, "_")}`
