// The graph: loops folded to one node with a cell for each iteration, other groups as frames.
const WIDTH = 168;
const HEIGHT = 44;
const LOOP = { width: 248, height: 78 };
const MOST_NODES = 200; // above, laying out takes seconds
const MOST_CELLS = 48;
const ROUND = 32; // the room for an edge that goes around

// What stands for a node: itself, or the outermost folded loop around it.
const standIn = (id, expanded) => loopsAround(id).find((loop) => !expanded.has(loop.id))?.id ?? id;

function listVisible(expanded) {
  const shown = new Map(); // in the order of the pipeline
  for (const node of nodes) {
    const isEmptyLoop = node.kind === "loop" && !leavesOf(node.id).length;
    if (node.kind !== "task" && !isEmptyLoop) continue;
    const id = isEmptyLoop ? node.id : standIn(node.id, expanded);
    shown.set(id, nodeOf.get(id));
  }
  const pairs = new Map();
  for (const [from, to] of edges) {
    const [a, b] = [standIn(from, expanded), standIn(to, expanded)];
    if (a !== b) pairs.set(`${a}\n${b}`, [a, b]);
  }
  return { shown: [...shown.values()], ...reduceEdges([...pairs.values()]) };
}

// Edges that a longer path implies are set aside: they are drawn only for what is selected.
function reduceEdges(pairs) {
  const next = groupBy(pairs, ([from]) => from);
  const reach = memoizeSafely((id, go) => {
    const found = new Set();
    for (const [, to] of next.get(id) ?? []) {
      found.add(to);
      for (const each of go(to)) found.add(each);
    }
    return found;
  });
  const implied = ([from, to]) => next.get(from).some(([, other]) => other !== to && reach(other).has(to));
  return { kept: pairs.filter((pair) => !implied(pair)), implied: pairs.filter(implied) };
}

function memoizeSafely(compute) {
  const known = new Map();
  const go = (key) => {
    if (!known.has(key)) {
      known.set(key, new Set()); // a record with a circle must not hang the page
      known.set(key, compute(key, go));
    }
    return known.get(key);
  };
  return go;
}

const sizeOf = (node, expanded) => {
  if (node.kind === "loop") return LOOP;
  const inLoop = loopsAround(node.id).some((loop) => expanded.has(loop.id));
  return { width: WIDTH, height: inLoop ? HEIGHT + 14 : HEIGHT };
};

function layOut({ shown, kept, implied }, expanded) {
  const graph = new dagre.graphlib.Graph({ compound: true });
  graph.setGraph({ rankdir: "TB", nodesep: 18, ranksep: 27, edgesep: 10, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  const frames = new Set();
  for (const node of shown) {
    graph.setNode(node.id, { ...sizeOf(node, expanded) });
    let child = node.id;
    for (const group of ancestorsOf(node.id)) {
      if (!frames.has(group.id)) graph.setNode(group.id, {});
      frames.add(group.id);
      graph.setParent(child, group.id);
      child = group.id;
    }
  }
  for (const [from, to] of kept) graph.setEdge(from, to);
  dagre.layout(graph);
  const boxes = new Map(shown.map((node) => [node.id, boxOf(graph.node(node.id))]));
  for (const id of frames) {
    const { x, y, width, height } = boxOf(graph.node(id));
    boxes.set(id, { x, y: y - 8, width, height: height + 8 }); // room for the label
  }
  return {
    width: graph.graph().width + (implied.length ? ROUND : 0),
    height: graph.graph().height,
    boxes,
    frames: [...frames].map((id) => nodeOf.get(id)).sort((a, b) => ancestorsOf(a.id).length - ancestorsOf(b.id).length),
    lines: kept.map(([from, to]) => ({ from, to, path: smooth(graph.edge(from, to).points) })),
  };
}

const boxOf = ({ x, y, width, height }) => ({ x: x - width / 2, y: y - height / 2, width, height });

function smooth(points) {
  const at = ({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  let path = `M${at(points[0])}`;
  for (let index = 1; index < points.length - 1; index += 1) {
    const [here, next] = [points[index], points[index + 1]];
    const end = index === points.length - 2 ? next : { x: (here.x + next.x) / 2, y: (here.y + next.y) / 2 };
    path += `Q${at(here)} ${at(end)}`;
  }
  return points.length === 2 ? `${path}L${at(points[1])}` : path;
}

// An implied edge goes around: it leaves and enters at the right.
function goAround(from, to) {
  const [x1, y1, x2, y2] = [from.x + from.width, from.y + from.height / 2, to.x + to.width, to.y + to.height / 2];
  const bend = Math.max(x1, x2) + Math.min(1.3 * ROUND, 18 + Math.abs(y2 - y1) / 12);
  return `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`;
}

// Cells: one for each iteration of the loops that are around a node.
function cellsOf(tasks, depth) {
  const groups = groupBy(tasks, (task) => (task.iteration ?? []).slice(0, depth).join("."));
  groups.delete("");
  return [...groups.values()]
    .sort(([a], [b]) => compareIterations(a.iteration, b.iteration))
    .map((group) => ({
      state: worst(group.map((task) => task.state)),
      title: describeIteration(group[0], depth),
      task: [...group].sort((a, b) => rank(a.state) - rank(b.state))[0],
    }));
}

const compareIterations = (a, b) => {
  for (let index = 0; index < Math.min(a.length, b.length); index += 1)
    if (a[index] !== b[index]) return a[index] - b[index];
  return a.length - b.length;
};

const itemsOf = (task, depth) => (task.item ?? "").split(" · ").slice(0, depth).join(" · ");
const describeIteration = (task, depth) =>
  [`iteration ${task.iteration.slice(0, depth).join(".")}`, itemsOf(task, depth)].filter(Boolean).join(": ");

function Cells({ cells, select }) {
  if (cells.length > MOST_CELLS) return html`<${StateBar} tasks=${cells} />`;
  return html`<span class="cells">
    ${cells.map(
      ({ state, title, task }) =>
        html`<i class=${styleOf(state).tone} title=${`${title}: ${state}`}
          onClick=${(event) => (event.stopPropagation(), select(task.name))}></i>`,
    )}
  </span>`;
}

const place = ({ x, y, width, height }) => `left:${x}px;top:${y}px;width:${width}px;height:${height}px`;

function NodeBox({ node, box, view }) {
  const all = tasksIn(node.id);
  const state = stateOf(node.id) ?? "not started";
  const { tone } = styleOf(state);
  const depth = loopsAround(node.id).length;
  const isLoop = node.kind === "loop";
  const cells = isLoop || depth ? cellsOf(all, depth + (isLoop ? 1 : 0)) : [];
  const isSelected = view.selected === node.id || all.some((task) => task.name === view.selected);
  const classes = ["node", tone, isLoop && "loop", isIdle(state) && "idle", isSelected && "selected"];
  const first = depth ? cells.find((cell) => cell.state === state)?.task : all[0];
  const target = isLoop ? node.id : first?.name ?? node.id;
  const label = nodeLabel(node);
  return html`<div class=${classes.filter(Boolean).join(" ")} style=${place(box)}>
    <button class="face" onClick=${() => view.select(target)} aria-pressed=${isSelected} title=${label}>
      <span class="name">${isLoop ? null : html`<${Icon} state=${state} /> `}${label}<${Hidden}>${state}<//></span>
      ${isLoop ? null : html`<span class="facts">
        <span>${all[0]?.environment ?? record.components?.[node.component]?.environment ?? ""}</span><span>${factOf(all, state, depth)}</span>
      </span>`}
      ${isLoop ? html`<span class="facts"><span>${describeLoop(all, cells)}</span><span><${Counts} tasks=${all} /></span></span>` : null}
    </button>
    ${cells.length ? html`<${Cells} cells=${cells} select=${view.select} />` : null}
    ${isLoop ? html`<button class="fold" aria-label=${`Expand ${label}`} aria-expanded="false" onClick=${() => view.toggle(node.id)}>+</button>` : null}
    ${additions.reports[all[0]?.name] ? html`<span class="has-report" title="has a report">▤</span>` : null}
  </div>`;
}

const describeLoop = (all, cells) =>
  `${countTasks(all.length)}${cells.length ? ` in ${cells.length}` : ""}`;

function factOf(all, state, depth) {
  if (depth) return all.length === 1 ? formatTime(secondsOf(all[0])) || state : countTasks(all.length);
  return state === "succeeded" || state === "failed" ? formatTime(secondsOf(all[0] ?? {})) || state : state;
}

function Frame({ node, box, view }) {
  const isLoop = node.kind === "loop";
  const isSelected = view.selected === node.id;
  return html`<div class=${`frame ${node.kind}${isSelected ? " selected" : ""}`} style=${place(box)}>
    ${isLoop
      ? html`<button class="fold" aria-label=${`Fold ${nodeLabel(node)}`} aria-expanded="true" onClick=${() => view.toggle(node.id)}>−</button>
          <button class="label" onClick=${() => view.select(node.id)}>${nodeLabel(node)}</button>`
      : html`<span class="label" title=${nodeLabel(node)}>${nodeLabel(node)}</span>`}
  </div>`;
}

function Lines({ layout, implied, view }) {
  const near = (id) => id === view.selected || tasksIn(id).some((task) => task.name === view.selected);
  const line = ({ from, to, path }, more = "") => {
    const idle = [from, to].some((id) => isIdle(stateOf(id)));
    const kind = near(from) || near(to) ? "near" : isCritical(from) && isCritical(to) ? "critical" : idle ? "idle" : "plain";
    return html`<path class=${`${kind} ${more}`} d=${path} marker-end=${`url(#arrow-${kind})`} />`;
  };
  const around = implied
    .filter(([from, to]) => near(from) || near(to))
    .map(([from, to]) => ({ from, to, path: goAround(layout.boxes.get(from), layout.boxes.get(to)) }));
  return html`<svg width=${layout.width} height=${layout.height} aria-hidden="true">
    <defs>${["plain", "critical", "near", "idle"].map(
      (kind) => html`<marker id=${`arrow-${kind}`} class=${kind} viewBox="0 0 10 10" refX="9" refY="5" markerWidth="11" markerHeight="11" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 1L10 5L0 9z" /></marker>`,
    )}</defs>
    ${layout.lines.map((each) => line(each))}${around.map((each) => line(each, "around"))}
  </svg>`;
}

function Graph({ view, visible, layout }) {
  const [zoom, setZoom] = useState(undefined);
  const canvas = useRef();
  const [room, setRoom] = useState(800);
  useLayoutEffect(() => {
    const measure = () => canvas.current && setRoom(canvas.current.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(canvas.current);
    return () => observer.disconnect();
  }, []);
  const loops = nodes.filter((node) => node.kind === "loop" && leavesOf(node.id).length);
  const allExpanded = loops.every((loop) => view.expanded.has(loop.id));
  const scale = layout ? zoom ?? Math.max(0.45, Math.min(1, room / layout.width)) : 1;
  const change = (factor) => setZoom(Math.min(2, Math.max(0.2, scale * factor)));
  return html`<section class="card graph" aria-label="Graph">
    <header>
      <h2>Graph</h2>
      <span class="tools">
        ${loops.length ? html`<button onClick=${() => view.expandAll(!allExpanded)}>${allExpanded ? "Fold loops" : "Expand loops"}</button>` : null}
        ${layout ? html`<button aria-label="Smaller" onClick=${() => change(1 / 1.25)}>−</button>
        <button aria-label="Larger" onClick=${() => change(1.25)}>+</button>
        <button onClick=${() => setZoom(undefined)}>Fit</button>` : null}
      </span>
    </header>
    <div class="canvas" ref=${canvas} tabindex="0" role="group" aria-label="Tasks as a graph">
      ${layout
        ? html`<div class="sized" style=${`width:${layout.width * scale}px;height:${layout.height * scale}px`}>
            <div class="drawing" style=${`width:${layout.width}px;height:${layout.height}px;transform:scale(${scale})`}>
              ${layout.frames.map((node) => html`<${Frame} key=${node.id} node=${node} box=${layout.boxes.get(node.id)} view=${view} />`)}
              <${Lines} layout=${layout} implied=${visible.implied} view=${view} />
              ${visible.shown.map((node) => html`<${NodeBox} key=${node.id} node=${node} box=${layout.boxes.get(node.id)} view=${view} />`)}
            </div>
          </div>`
        : html`<p class="guard">Drawing this many tasks may take a few seconds.
            <button onClick=${view.draw}>Draw the graph (${visible.shown.length} nodes)</button></p>`}
    </div>
  </section>`;
}
