// The client is a link into the clone, which has a React of its own: a page must have one alone.
export default { resolve: { dedupe: ["react", "react-dom"] } }
