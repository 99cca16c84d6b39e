/** What axe finds in a page. */
import axe, { type RunOptions } from "axe-core"
import type { Page } from "playwright-core"

const kinds = ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]

/** @returns what is wrong, in words. @param options to look for less. */
export async function problems(page: Page, options: RunOptions = {}): Promise<string[]> {
  // A dialog that is still fading in has the contrast of a ghost.
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== "running"))
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source)
  // Of what is well axe would write down every element, with a selector of its own.
  const asked: RunOptions = { runOnly: kinds, resultTypes: ["violations"], ...options }
  const run = (asked: RunOptions) => (window as unknown as { axe: typeof axe }).axe.run(asked)
  const { violations } = await page.evaluate(run, asked)
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  )
}
