/** What a first visit costs. */
import { readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { firstLoadBytes } from "../build/first-load.mjs"
import { buildApp } from "./support/built-app.ts"

const firstLoadBytesMax = 150_000

let folder: string
beforeAll(() => {
  folder = buildApp()
})
afterAll(() => rmSync(folder, { recursive: true }))

test("is at most 150 kB", () => {
  expect(firstLoadBytes(folder)).toBeLessThanOrEqual(firstLoadBytesMax)
})

test("is a page without a script or a style of its own, which the policy would not run", () => {
  const page = readFileSync(join(folder, "index.html"), "utf8")
  expect(page).not.toMatch(/<style|style=|<script(?![^>]* src=)|\son\w+=/)
  expect(page).toMatch(/<script [^>]*src="\/assets\/[^"]+"/)
})

test("every file that compresses has its twins", () => {
  const names = readdirSync(join(folder, "assets"))
  for (const name of names.filter((file) => /\.(?:js|css)$/.test(file))) {
    expect(names).toContain(`${name}.gz`)
    expect(names).toContain(`${name}.br`)
  }
})
