/** What a first visit costs. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { firstLoadBytes } from "../build/first-load.mjs"
import { type BuiltApp, buildApp } from "./support/built-app.ts"

const firstLoadBytesMax = 150_000

let app: BuiltApp
beforeAll(() => {
  app = buildApp()
})
afterAll(() => app.remove())

test("is at most 150 kB", () => {
  expect(firstLoadBytes(app.folder)).toBeLessThanOrEqual(firstLoadBytesMax)
})

test("is a page without a script or a style of its own, which the policy would not run", () => {
  const page = readFileSync(join(app.folder, "index.html"), "utf8")
  expect(page).not.toMatch(/<style|style=|<script(?![^>]* src=)|\son\w+=/)
  expect(page).toMatch(/<script [^>]*src="\/assets\/[^"]+"/)
})

test("every file that compresses has its twins", () => {
  const names = readdirSync(join(app.folder, "assets"))
  for (const name of names.filter((file) => /\.(?:js|css)$/.test(file))) {
    expect(names).toContain(`${name}.gz`)
    expect(names).toContain(`${name}.br`)
  }
})
