// Why a task ran, although an earlier run had run it.
const MISSES = {
  code: (name) => `code changed: ${name}`,
  lock: (name) => `lock of ${name} changed`,
  image: (name) => `image changed: ${name}`,
  input: (name) => `input ${name} changed`,
  upstream: (name) => `input ${name} comes from a task that ran again`,
  off: () => "caching is off",
  never: () => "it had not run before",
};

const explainMisses = (cache) => (cache?.miss ?? []).map((miss) => (MISSES[miss.kind] ? MISSES[miss.kind](miss.name ?? "") : miss.kind)).join(", ");
