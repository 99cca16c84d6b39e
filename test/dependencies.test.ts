/** docs/dependencies.md has a line for every package that a manifest names, and for no other. */
import { readFileSync } from "node:fs"

interface Manifest {
  readonly workspaces?: readonly string[]
  readonly [kind: string]: unknown
}

const kinds = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies", "overrides"]

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8")
const manifestOf = (folder: string) => JSON.parse(read(`${folder}package.json`)) as Manifest

const root = manifestOf("")
const manifests = [root, ...(root.workspaces ?? []).map((folder) => manifestOf(`${folder}/`))]
const versions = manifests.flatMap((manifest) =>
  kinds.flatMap((kind) =>
    Object.entries((manifest[kind] ?? {}) as Record<string, string>).map(([name, version]) => ({
      kind,
      name,
      version,
    })),
  ),
)
const isOurs = (name: string) => name === "everthread" || name.startsWith("@everthread/")
const named = new Set(versions.map(({ name }) => name).filter((name) => !isOurs(name)))
const described = [...read("docs/dependencies.md").matchAll(/^- `([^`]+)`: \S/gm)].map(([, name]) => name)

test("every dependency has its line, and only one", () => {
  expect([...described].sort()).toEqual([...named].sort())
})

test("every version is exact", () => {
  for (const { kind, name, version } of versions.filter(({ kind }) => kind !== "peerDependencies")) {
    expect(version, `${kind} ${name}`).toMatch(/^\d+\.\d+\.\d+$/)
  }
})

test("one package has one version everywhere", () => {
  for (const name of named) {
    const held = versions.filter((other) => other.name === name && other.kind !== "peerDependencies")
    expect(new Set(held.map(({ version }) => version)).size, name).toBeLessThanOrEqual(1)
  }
})
