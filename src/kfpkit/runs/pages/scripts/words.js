// The words, times, sizes and marks that all pages share.
const { html, render, useState, useEffect, useLayoutEffect, useRef, useMemo } = htmPreact;
const read = (id) => JSON.parse(document.getElementById(id).textContent);

// In the order of counts. A group shows the first of these states that one of its tasks is in.
const STATES = {
  failed: { icon: "✕", tone: "bad" },
  "broken off": { icon: "✕", tone: "bad" },
  stopped: { icon: "■", tone: "bad" },
  running: { icon: "▶", tone: "busy" },
  "preparing environment": { icon: "⚙", tone: "busy" },
  paused: { icon: "‖", tone: "quiet" },
  waiting: { icon: "…", tone: "quiet" },
  succeeded: { icon: "✓", tone: "good" },
  cached: { icon: "↺", tone: "cached" },
  reused: { icon: "↺", tone: "cached" },
  skipped: { icon: "↷", tone: "quiet" },
  "not started": { icon: "–", tone: "quiet" },
};
const ORDER = Object.keys(STATES);
const styleOf = (state) => STATES[state] ?? { icon: "?", tone: "quiet" };
const rank = (state) => (ORDER.indexOf(state) + 1 || ORDER.length + 1);
const worst = (states) => [...states].sort((a, b) => rank(a) - rank(b))[0];
const countTasks = (number) => `${number} ${number === 1 ? "task" : "tasks"}`;
const isHit = (state) => ["cached", "reused"].includes(state);
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

function formatValue(value) {
  if (typeof value === "string") return value;
  return JSON.stringify(value) ?? "";
}

const sentence = (text) => text[0].toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");

// A word of a command, as a shell takes it.
const quote = (word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

// Only addresses of web pages become links: an address may also be a script.
const isAddress = (text) => typeof text === "string" && /^https?:\/\//i.test(text);

const Icon = ({ state }) => html`<b class=${`icon ${styleOf(state).tone}`} aria-hidden="true">${styleOf(state).icon}</b>`;
const Hidden = ({ children }) => html`<span class="hidden"> ${children}</span>`;

// A long value scrolls, and what scrolls is reached by the keyboard.
function Long({ children }) {
  const box = useRef();
  const [scrolls, setScrolls] = useState(false);
  useLayoutEffect(() => setScrolls(box.current.scrollHeight > box.current.clientHeight));
  return html`<dd ref=${box} tabindex=${scrolls ? 0 : undefined}>${children}</dd>`;
}

function Chip({ state }) {
  const { icon, tone } = styleOf(state);
  return html`<span class=${`chip ${tone}`}>${icon} ${state}</span>`;
}

function StateBar({ tasks }) {
  return html`<span class="statebar">
    ${countStates(tasks).map(
      ([state, count]) =>
        html`<i class=${styleOf(state).tone} style=${`flex:${count}`} title=${`${count} ${state}`}></i>`,
    )}
  </span>`;
}

function Counts({ tasks, words }) {
  return countStates(tasks).map(
    ([state, count]) =>
      html`<span class=${`count ${styleOf(state).tone}`} title=${state}>${styleOf(state).icon} ${count}${
        words ? ` ${state}` : html`<${Hidden}>${state}<//>`
      }</span>`,
  );
}
