/** How the app becomes files: what a browser loads first is one script and one style sheet. */
import tailwindcss from "@tailwindcss/vite"
import { defineConfig } from "vite"

export default defineConfig({
  plugins: [tailwindcss()],
  // Workspace packages are taken from their sources, so that the app can be built before anything else is.
  resolve: { conditions: ["everthread:source", "module", "browser", "import", "default"] },
  build: {
    outDir: "dist/app",
    emptyOutDir: true,
    target: "es2023",
    // A script in the page would need a hole in its Content-Security-Policy.
    modulePreload: { polyfill: false },
    // An asset inside a style sheet would, too.
    assetsInlineLimit: 0,
    rolldownOptions: {
      onwarn(warning, tell) {
        // "use client" means something to servers that render, and nothing here.
        if (warning.code !== "MODULE_LEVEL_DIRECTIVE") tell(warning)
      },
    },
  },
  // `npx vite packages/web` beside a server on its usual port.
  server: {
    proxy: {
      "/v1": { target: "ws://127.0.0.1:8765", ws: true },
      "^/$": {
        target: "http://127.0.0.1:8765",
        // The page is ours; what the server says of itself at the same address is the server's.
        bypass: ({ headers }) => (headers.accept?.includes("text/html") ? "/index.html" : undefined),
      },
    },
  },
})
