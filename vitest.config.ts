import { defineConfig } from "vitest/config"

// Workspace packages are tested from their sources, so a stack trace names the line one edits.
const conditions = ["everthread:source", "node", "import", "module", "default"]
const resolve = { resolve: { conditions }, ssr: { resolve: { conditions } } }

/** Tests of code in their own process. */
const units = [
  "packages/{protocol,engine,client,agent,server}/test/**/*.test.ts",
  // Those in its folders are in a browser.
  "packages/web/test/*.test.ts",
]

const test = { globals: true, testTimeout: 60_000, hookTimeout: 60_000, pool: "forks" } as const

export default defineConfig({
  test: {
    projects: [
      // By their names, those that wait for servers and browsers are first, so that none of them is alone at the end.
      {
        ...resolve,
        test: { ...test, name: "real", include: ["packages/*/test/**/*.test.ts", "test/**/*.test.ts"], exclude: units },
      },
      // Files of one process share what it has loaded: to load LangGraph or the schemas anew took most of them longer than they run.
      { ...resolve, test: { ...test, name: "units", include: units, isolate: false } },
    ],
  },
})
