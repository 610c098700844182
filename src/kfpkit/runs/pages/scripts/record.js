// What the record says, and what follows from it. Whatever the record leaves out stays undefined.
const record = read("record");
const additions = read("additions"); // log tails and reports, by task

// The moments of a task that are known: when it was ready, prepared, started and ended.
function readTimes(task) {
  const times = task.times ?? {};
  const [ready, preparing, running, ended] = ["ready", "preparing", "running", "ended"].map((name) =>
    toSeconds(times[name]),
  );
  const began = preparing ?? running;
  return { ready, preparing, running, ended, began };
}

function secondsOf(task) {
  if (typeof task.seconds === "number") return task.seconds;
  const { running, ended } = readTimes(task);
  return running === undefined || ended === undefined ? undefined : ended - running;
}

// Nodes -----------------------------------------------------------------------------------------
const nodes = record.nodes ?? [];
const nodeOf = new Map(nodes.map((node) => [node.id, node]));
// The page says "reused" where a retry took a task from the earlier run.
const tasks = (record.tasks ?? []).map((task) => (task.cache?.retry ? { ...task, state: "reused" } : task));
const taskOf = new Map(tasks.map((task) => [task.name, task]));
const children = groupBy(nodes, (node) => node.parent ?? "");
const tasksOf = groupBy(tasks, (task) => task.node ?? "");

function groupBy(values, key) {
  const groups = new Map();
  for (const value of values) {
    const name = key(value);
    if (groups.has(name)) groups.get(name).push(value);
    else groups.set(name, [value]);
  }
  return groups;
}

// The groups around a node, the innermost first.
const ancestorsOf = memoize((id) => {
  const parent = nodeOf.get(id)?.parent;
  return parent && nodeOf.has(parent) ? [nodeOf.get(parent), ...ancestorsOf(parent)] : [];
});
const loopsAround = memoize((id) => ancestorsOf(id).filter((node) => node.kind === "loop").reverse());
const leavesOf = memoize((id) =>
  nodeOf.get(id)?.kind === "task" ? [id] : (children.get(id) ?? []).flatMap((node) => leavesOf(node.id)),
);
const tasksIn = memoize((id) =>
  [id, ...(children.get(id) ?? []).map((node) => node.id)].flatMap((each) =>
    each === id ? tasksOf.get(id) ?? [] : tasksIn(each),
  ),
);

function memoize(compute) {
  const known = new Map();
  return (key) => {
    if (!known.has(key)) known.set(key, compute(key));
    return known.get(key);
  };
}

const stateOf = (id) => worst(tasksIn(id).map((task) => task.state));
const shortName = (task) => task.display ?? nodeLabel(nodeOf.get(task.node)) ?? task.name.split("/").pop();
const nodeLabel = (node) => node && (node.display ?? node.label ?? node.id.split("/").pop());
const taskLabel = (task) => (task.item ? `${shortName(task)} (${task.item})` : shortName(task));

// Which nodes a node takes something from: `task.output` names the longest node that fits.
function findProducer(reference) {
  for (let end = reference.length; end > 0; end = reference.lastIndexOf(".", end - 1)) {
    const id = reference.slice(0, end);
    if (nodeOf.has(id)) return { id, output: reference.slice(end + 1) };
  }
  return undefined;
}

const producersOf = memoize((id) => {
  const node = nodeOf.get(id);
  const references = Object.values(node.inputs ?? {}).flatMap((input) => input.from ?? []);
  const found = references.map(findProducer).filter(Boolean);
  return [...found.map((each) => each.id), ...(node.after ?? []).filter((each) => nodeOf.has(each))];
});

// Edges between tasks. What a group takes in comes first to the tasks that nothing in it precedes.
const edges = (() => {
  const seen = new Map();
  const add = (from, to) => from !== to && seen.set(`${from}\n${to}`, [from, to]);
  for (const node of nodes.filter((each) => each.kind === "task"))
    for (const id of producersOf(node.id)) for (const leaf of lastLeaves(id)) add(leaf, node.id);
  const direct = groupBy([...seen.values()], ([, to]) => to);
  for (const node of nodes.filter((each) => each.kind !== "task")) {
    const inside = new Set(leavesOf(node.id));
    const first = [...inside].filter((id) => !(direct.get(id) ?? []).some(([from]) => inside.has(from)));
    for (const id of producersOf(node.id))
      if (!ancestorsOf(node.id).some((each) => each.id === id))
        for (const leaf of lastLeaves(id)) if (!inside.has(leaf)) for (const to of first) add(leaf, to);
  }
  return [...seen.values()];
})();

function lastLeaves(id) {
  const inside = new Set(leavesOf(id));
  if (inside.size < 2) return [...inside];
  const left = new Set();
  for (const leaf of inside) for (const from of producersOf(leaf)) if (inside.has(from)) left.add(from);
  return [...inside].filter((leaf) => !left.has(leaf));
}

// The critical path: from the task that ended last, back by what each waited for longest.
const critical = (() => {
  const before = groupBy(edges, ([, to]) => to);
  const agrees = (a, b, depth) =>
    [...Array(depth).keys()].every((index) => a.iteration?.[index] === b.iteration?.[index]);
  const shared = (a, b) => {
    const [left, right] = [loopsAround(a), loopsAround(b)];
    return left.filter((node, index) => right[index] === node).length;
  };
  const last = (candidates) =>
    candidates.reduce((best, task) => (readTimes(task).ended > (readTimes(best)?.ended ?? -Infinity) ? task : best), {});
  const path = new Set();
  let task = last(tasks.filter((each) => readTimes(each).began !== undefined));
  let seconds = 0;
  while (task.name && !path.has(task.name)) {
    path.add(task.name);
    const { began, ended } = readTimes(task);
    seconds += ended - began;
    const sources = (before.get(task.node) ?? []).map(([from]) => from);
    const current = task;
    task = last(
      sources.flatMap((id) =>
        (tasksOf.get(id) ?? []).filter(
          (each) => readTimes(each).began !== undefined && agrees(each, current, shared(id, current.node)),
        ),
      ),
    );
  }
  return { path: nodes.length && path.size > 1 ? path : new Set(), seconds };
})();
const isCritical = (id) => tasksIn(id).some((task) => critical.path.has(task.name));

// Values ----------------------------------------------------------------------------------------
function artifactsIn(value) {
  if (Array.isArray(value)) return value.flatMap(artifactsIn);
  if (value === null || typeof value !== "object") return [];
  if (value.artifact) return [value.artifact];
  if (value.artifacts) return value.artifacts;
  return typeof value.type === "string" && "uri" in value ? [value] : [];
}

const plainValue = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value) && "value" in value ? value.value : value;

function TaskLink({ task, name, view }) {
  const go = (event) => (event.preventDefault(), view.select(task.name));
  return html`<a href=${`#task=${encodeURIComponent(task.name)}`} onClick=${go}>${name ?? taskLabel(task)}</a>`;
}
