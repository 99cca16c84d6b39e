export default {
  // The client is a link into the clone, which has a React of its own: a page must have one alone.
  resolve: { dedupe: ["react", "react-dom"] },
  build: { rolldownOptions: { input: ["index.html", "shared.html"] } },
}
