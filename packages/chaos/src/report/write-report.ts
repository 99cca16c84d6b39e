/** Makes of a run's record a page to look at. */
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { gather } from "./gather.ts"
import { pageHtml } from "./page-html.ts"
import { readPageParts } from "./page-parts.ts"

/**
 * @param folder where `history.jsonl` lies and `report.html` will.
 * @returns the path of the page.
 * @throws Error where there is no record, or one without a beginning.
 */
export async function writeReport(folder: string): Promise<string> {
  const data = await gather(join(folder, "history.jsonl"))
  const page = join(folder, "report.html")
  await writeFile(page, pageHtml(data, await readPageParts()))
  return page
}
