import { defineConfig } from "vitest/config"

// Workspace packages are tested from their sources, so a stack trace names the line one edits.
const conditions = ["everthread:source", "node", "import", "module", "default"]

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "test/**/*.test.ts"],
    globals: true,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
  },
})
