// The timeline: a row for each node of the graph, or for each iteration of an expanded loop.
const MOST_LANES = 10;
const MOST_ROWS = 250;

function listRows(expanded) {
  const rows = new Map();
  const add = (key, make, task) => {
    if (!rows.has(key)) rows.set(key, { key, tasks: [], ...make() });
    if (task) rows.get(key).tasks.push(task);
  };
  for (const task of tasks) {
    const node = nodeOf.get(task.node);
    if (!node) {
      add(task.name, () => ({ target: task.name, label: shortName(task) }), task);
      continue;
    }
    const depth = loopsAround(node.id).filter((loop) => expanded.has(loop.id)).length;
    const id = standIn(node.id, expanded);
    if (!depth) {
      const target = id === node.id ? task.name : id;
      add(id, () => ({ target, label: nodeLabel(nodeOf.get(id)) }), task);
      continue;
    }
    const loop = loopsAround(node.id)[depth - 1];
    const prefix = (task.iteration ?? []).slice(0, depth);
    const label = [prefix.join("."), itemsOf(task, depth)].filter(Boolean).join(" · ");
    add(`${loop.id}\n${prefix}`, () => ({ target: undefined, label: label || nodeLabel(loop), depth, loop: loopsAround(node.id)[0].id, prefix }), task);
  }
  return sortRows([...rows.values()]);
}

// A cache hit without times comes first, what never started comes last.
function firstMoment(task) {
  const { ready, began, ended } = readTimes(task);
  if (isHit(task.state)) return ended ?? ready ?? span.start;
  return began ?? (isIdle(task.state) ? undefined : ended);
}

function sortRows(rows) {
  const begin = (row) => Math.min(...row.tasks.map((task) => firstMoment(task) ?? Infinity));
  const loopBegins = new Map();
  for (const row of rows.filter((each) => each.loop))
    loopBegins.set(row.loop, Math.min(begin(row), loopBegins.get(row.loop) ?? Infinity));
  const keyed = rows.map((row, index) => ({ row, index, at: row.loop ? loopBegins.get(row.loop) : begin(row) }));
  keyed.sort(
    (a, b) =>
      (a.at === b.at ? 0 : a.at - b.at) ||
      (a.row.loop && a.row.loop === b.row.loop ? compareIterations(a.row.prefix, b.row.prefix) : a.index - b.index),
  );
  return keyed.map(({ row }) => row);
}

// Tasks of one row that run at the same time are in lanes below each other.
function packLanes(row) {
  const ends = [];
  const bars = row.tasks
    .map((task) => ({ task, ...readTimes(task) }))
    .filter((bar) => bar.began !== undefined && !isHit(bar.task.state))
    .sort((a, b) => a.began - b.began)
    .map((bar) => {
      const free = ends.findIndex((end) => end <= bar.began + 1e-6);
      const lane = free < 0 ? ends.length : free;
      ends[lane] = bar.ended ?? Infinity;
      return { ...bar, lane };
    });
  return { bars, lanes: Math.max(1, ends.length) };
}

const span = (() => {
  const all = tasks.map(readTimes).flatMap(({ ready, began, ended }) => [ready, began, ended]);
  const known = [toSeconds(record.started), toSeconds(record.ended), ...all].filter((each) => each !== undefined);
  return known.length ? { start: Math.min(...known), end: Math.max(...known) } : undefined;
})();

function listTicks(seconds) {
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400];
  const step = steps.find((each) => seconds / each <= 5) ?? Math.ceil(seconds / 5 / 86400) * 86400;
  return [...Array(Math.floor(seconds / step + 1e-9) + 1).keys()].map((index) => index * step);
}

function formatTick(seconds) {
  if (seconds < 60) return `${+seconds.toFixed(1)} s`;
  const [minutes, rest] = [Math.floor(seconds / 60), Math.round(seconds % 60)];
  if (minutes < 60) return `${minutes}:${String(rest).padStart(2, "0")}`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60 ? `${minutes % 60} min` : ""}`.trim();
}

function Bar({ bar, row, lanes, view, length }) {
  const at = (time) => (100 * (time - span.start)) / length;
  const { task, ready, began, running, ended = span.end, lane } = bar;
  const height = lanes === 1 ? 14 : Math.max(3, Math.floor(26 / Math.min(lanes, MOST_LANES)) + 2);
  const top = lanes === 1 ? 4 : 3 + (lane % (lanes > 60 ? 60 : lanes)) * height;
  const waits = ready !== undefined && began - ready > length / 500;
  const prepares = running - began > length / 500;
  const words = isHit(task.state) ? task.state : formatTime(ended - (running ?? began));
  const atLeft = at(ended) > 84;
  const title = [taskLabel(task), task.state, words, waits && `waited ${formatTime(began - ready)}`, prepares && `environment ${formatTime(running - began)}`];
  const classes = ["bar", styleOf(task.state).tone, critical.path.has(task.name) && "critical", view.selected === task.name && "selected"];
  return html`${waits && lanes === 1 ? html`<i class="waits" style=${`left:${at(ready)}%;width:${at(began) - at(ready)}%`}></i>` : null}
    <i class=${classes.filter(Boolean).join(" ")} title=${title.filter(Boolean).join(" · ")} onClick=${(event) => (event.stopPropagation(), view.select(task.name))}
      style=${`left:${at(began)}%;width:${Math.max(at(ended) - at(began), 0.15)}%;top:${top}px;height:${lanes === 1 ? height : height - 1}px`}>
      ${prepares ? html`<i class="prepares" style=${`width:${(100 * (running - began)) / Math.max(ended - began, 1e-9)}%`}></i>` : null}
    </i>
    ${lanes === 1 && row.tasks.length === 1
      ? html`<span class="words" style=${atLeft ? `right:${100 - at(began)}%;margin-right:4px` : `left:${at(ended)}%;margin-left:5px`}>${words}</span>`
      : null}`;
}

function hitAt(task, length) {
  const { ready, ended } = readTimes(task);
  return Math.min(97, (100 * ((ended ?? ready ?? span.start) - span.start)) / length);
}

function Row({ row, view, length }) {
  const { bars, lanes } = packLanes(row);
  const state = worst(row.tasks.map((task) => task.state));
  const isSelected = row.target ? row.target === view.selected : false;
  const has = isSelected || row.tasks.some((task) => task.name === view.selected);
  const unit = Math.max(3, Math.floor(26 / Math.min(lanes, MOST_LANES)) + 2);
  const height = lanes === 1 ? 23 : Math.min(lanes, 60) * unit + 7;
  const taken = row.tasks.filter((task) => isHit(task.state));
  const hits = taken.map((task) => hitAt(task, length));
  const target = row.target ?? row.tasks.find((task) => task.state === state).name;
  return html`<div class=${`row${has ? " selected" : ""}${isIdle(state) ? " idle" : ""}`} style=${`height:${height}px`}>
    <button class="name" style=${row.depth > 1 ? `padding-left:${12 * (row.depth - 1)}px` : undefined} title=${row.label} onClick=${() => view.select(target)}>
      <${Icon} state=${state} /> ${row.label}<${Hidden}>${state}<//></button>
    <div class="track">
      ${bars.map((bar) => html`<${Bar} bar=${bar} row=${row} lanes=${lanes} view=${view} length=${length} />`)}
      ${hits.map((at) => html`<i class="hit" title=${taken[0].state} style=${`left:${at}%`}></i>`)}
      ${hits.length && !bars.length ? html`<span class="words" style=${`left:${Math.max(...hits)}%;margin-left:13px`}>${taken[0].state}</span>` : null}
      ${!bars.length && !hits.length ? html`<span class="words" style="left:4px">${state}</span>` : null}
    </div>
  </div>`;
}

function Timeline({ view }) {
  const rows = useMemo(() => (span ? listRows(view.expanded) : []), [view.expanded]);
  if (!tasks.some((task) => readTimes(task).began !== undefined)) return null;
  const length = Math.max(span.end - span.start, 0.001);
  const all = tasks.map(readTimes);
  const prepares = all.some(({ began, running }) => running - began > length / 500);
  const waits = all.some(({ ready, began }) => began - ready > length / 500);
  const longest = Math.max(...rows.map((row) => row.label.length));
  const names = Math.min(220, Math.max(110, 26 + longest * 7));
  return html`<section class="card timeline" aria-label="Timeline" style=${`--names:${names}px`}>
    <header><h2>Timeline</h2><span class="legend">
      ${waits ? html`<span><i class="waits"></i>waiting</span>` : null}
      ${prepares ? html`<span><i class="bar"><i class="prepares"></i></i>environment</span>` : null}
      <span><i class="bar good"></i>run</span>
      ${["cached", "reused"].filter((state) => tasks.some((task) => task.state === state)).map((state) => html`<span><i class="hit"></i>${state}</span>`)}
      ${critical.path.size ? html`<span><i class="bar good critical"></i>critical path ${formatTime(critical.seconds)} of ${formatTime(record.seconds ?? length)}</span>` : null}
    </span></header>
    <div class="rows">
      <div class="axis"><div class="track">${listTicks(length).map((tick) => html`<span style=${`left:${(100 * tick) / length}%`}>${formatTick(tick)}</span>`)}</div></div>
      <div class="grid"><div class="track">${listTicks(length).map((tick) => html`<i style=${`left:${(100 * tick) / length}%`}></i>`)}</div></div>
      ${rows.slice(0, MOST_ROWS).map((row) => html`<${Row} key=${row.key} row=${row} view=${view} length=${length} />`)}
      ${rows.length > MOST_ROWS ? html`<p class="more">${rows.length - MOST_ROWS} more rows: fold loops to see all</p>` : null}
    </div>
  </section>`;
}
