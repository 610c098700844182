// What the record says, and what follows from it. Whatever the record leaves out stays undefined.
const { html, render, useState, useEffect, useLayoutEffect, useRef, useMemo } = htmPreact;
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const record = read("record");
const additions = read("additions"); // log tails and reports, by task

// In the order of counts. A group shows the first of these that a task of it is in.
const STATES = {
  failed: { icon: "✕", tone: "bad" },
  "broken off": { icon: "✕", tone: "bad" },
  stopped: { icon: "■", tone: "bad" },
  running: { icon: "▶", tone: "busy" },
  "preparing environment": { icon: "⚙", tone: "busy" },
  waiting: { icon: "…", tone: "quiet" },
  succeeded: { icon: "✓", tone: "good" },
  cached: { icon: "↺", tone: "cached" },
  skipped: { icon: "↷", tone: "quiet" },
  "not started": { icon: "–", tone: "quiet" },
};
const ORDER = Object.keys(STATES);
const styleOf = (state) => STATES[state] ?? { icon: "?", tone: "quiet" };
const rank = (state) => (ORDER.indexOf(state) + 1 || ORDER.length + 1);
const gravest = (states) => [...states].sort((a, b) => rank(a) - rank(b))[0];
const countTasks = (number) => `${number} ${number === 1 ? "task" : "tasks"}`;
const isIdle = (state) => ["skipped", "not started", "waiting"].includes(state);

function countStates(tasks) {
  const counts = new Map();
  for (const task of tasks) counts.set(task.state, (counts.get(task.state) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => rank(a) - rank(b));
}

// Times -----------------------------------------------------------------------------------------
function toSeconds(time) {
  if (time === undefined || time === null) return undefined;
  const seconds = typeof time === "number" ? time : Date.parse(time) / 1000;
  return Number.isNaN(seconds) ? undefined : seconds;
}

function formatTime(seconds) {
  if (seconds === undefined) return "";
  if (seconds < 0.005) return "0 s";
  if (seconds < 0.0995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

function formatMoment(time) {
  const seconds = toSeconds(time);
  if (seconds === undefined) return undefined;
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function formatBytes(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  const power = Math.min(3, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(1)} ${["", "kB", "MB", "GB"][power]}`;
}

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
const tasks = record.tasks ?? [];
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

const stateOf = (id) => gravest(tasksIn(id).map((task) => task.state));
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

function formatValue(value) {
  if (typeof value === "string") return value;
  return JSON.stringify(value) ?? "";
}

const Icon = ({ state }) => html`<b class=${`icon ${styleOf(state).tone}`} aria-hidden="true">${styleOf(state).icon}</b>`;
const Hidden = ({ children }) => html`<span class="hidden"> ${children}</span>`;

function TaskLink({ task, name, view }) {
  const go = (event) => (event.preventDefault(), view.select(task.name));
  return html`<a href=${`#task=${encodeURIComponent(task.name)}`} onClick=${go}>${name ?? taskLabel(task)}</a>`;
}

// Only addresses of web pages become links: an address may also be a script.
const isAddress = (text) => typeof text === "string" && /^https?:\/\//i.test(text);
