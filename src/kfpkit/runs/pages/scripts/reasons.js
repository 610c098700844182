// Why a task ran, although an earlier run had run it, and why one did not.
const MISSES = {
  code: (names) => `code changed: ${names.join(", ")}`,
  lock: (names) => `lock of ${names.join(", ")} changed`,
  image: (names) => `image changed: ${names.join(", ")}`,
  input: (names) => `${countInputs(names)} changed`,
  upstream: (names) => `${countInputs(names)} ${names.length === 1 ? "comes from a task" : "come from tasks"} that ran again`,
  off: () => "caching is off",
  never: () => "it had not run before",
};
const countInputs = (names) => `${names.length === 1 ? "input" : "inputs"} ${names.join(", ")}`;

function explainMisses(cache) {
  const kinds = new Map();
  for (const { kind, name } of cache?.miss ?? []) kinds.set(kind, [...(kinds.get(kind) ?? []), name ?? ""]);
  return [...kinds].map(([kind, names]) => (MISSES[kind] ? MISSES[kind](names) : kind)).join("; ");
}

const CAUSES = {
  condition: (name) => `the condition is false: ${name}`,
  upstream: (name) => `${name} did not succeed`,
  stopped: () => "the run was stopped",
};
const explainCause = ({ kind }, name) => (CAUSES[kind] ? CAUSES[kind](name) : kind);
