// The tables: metrics of all tasks, and all tasks, with columns that sort.
function useSorting(rows, initial) {
  const [sorting, setSorting] = useState(initial);
  const { key, down } = sorting;
  const sorted = useMemo(() => {
    if (!key) return rows;
    const known = rows.filter((row) => row.keys[key] !== undefined);
    const unknown = rows.filter((row) => row.keys[key] === undefined);
    known.sort((a, b) => compareKeys(a.keys[key], b.keys[key]) * (down ? -1 : 1));
    return [...known, ...unknown];
  }, [rows, key, down]);
  const sort = (next) => setSorting({ key: next, down: next === key ? !down : false });
  return [sorted, sorting, sort];
}

const compareKeys = (a, b) =>
  typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });

function Heading({ name, id, sorting, sort, number }) {
  const isSorted = sorting.key === id;
  return html`<th scope="col" class=${number ? "number" : ""} aria-sort=${isSorted ? (sorting.down ? "descending" : "ascending") : undefined}>
    <button onClick=${() => sort(id)}>${name}${isSorted ? html`<span aria-hidden="true">${sorting.down ? " ▾" : " ▴"}</span>` : null}</button></th>`;
}

// The best value of a metric whose direction is known, if it tells tasks apart.
function findBest(name, rows) {
  const values = rows.map((row) => row.metrics[name]).filter((value) => typeof value === "number");
  const direction = directionOf(name);
  if (!direction || new Set(values).size < 2) return undefined;
  return direction > 0 ? Math.max(...values) : Math.min(...values);
}

function MetricsTable({ view }) {
  const rows = useMemo(
    () =>
      tasks
        .map((task) => ({ task, metrics: metricsOf(task) }))
        .filter(({ metrics }) => Object.keys(metrics).length)
        .map((row) => ({ ...row, keys: { task: taskLabel(row.task), ...Object.fromEntries(Object.entries(row.metrics).map(([name, value]) => [`metric ${name}`, value])) } })),
    [],
  );
  const [sorted, sorting, sort] = useSorting(rows, {});
  if (!rows.length) return null;
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.metrics)))];
  const most = Object.fromEntries(names.map((name) => [name, Math.max(...rows.map((row) => Math.abs(row.metrics[name]) || 0))]));
  const decimals = Object.fromEntries(names.map((name) => [name, rows.some((row) => row.metrics[name] % 1)]));
  const best = Object.fromEntries(names.map((name) => [name, findBest(name, rows)]));
  return html`<section class="card" aria-label="Metrics">
    <header><h2>Metrics</h2><small>${countTasks(rows.length)}</small></header>
    <div class="scroll" tabindex="0" role="group" aria-label="Metrics of tasks"><table>
      <thead><tr><${Heading} name="Task" id="task" sorting=${sorting} sort=${sort} />
        ${names.map((name) => html`<${Heading} name=${name} id=${`metric ${name}`} sorting=${sorting} sort=${sort} number />`)}</tr></thead>
      <tbody>${sorted.map(({ task, metrics }) => html`<tr key=${task.name} class=${view.selected === task.name ? "selected" : ""}>
        <th scope="row"><${TaskLink} task=${task} view=${view} /></th>
        ${names.map((name) => {
          const value = metrics[name];
          if (value === undefined) return html`<td></td>`;
          const isBest = best[name] !== undefined && value === best[name];
          const share = typeof value === "number" && most[name] ? Math.abs(value) / most[name] : 0;
          return html`<td class=${`number${isBest ? " best" : ""}`}>${formatMetric(value, decimals[name])}${isBest ? html`<${Hidden}>best<//>` : null}
            ${rows.length > 1 && share ? html`<i class="size" style=${`width:${Math.round(88 * share)}%`}></i>` : null}</td>`;
        })}</tr>`)}</tbody>
    </table></div></section>`;
}

const COLUMNS = [
  { id: "started", name: "Started", number: true },
  { id: "seconds", name: "Ran", number: true },
  { id: "waited", name: "Waited", number: true },
  { id: "memory", name: "Peak memory", number: true },
];

function listTaskRows() {
  return tasks.map((task, index) => {
    const { ready, began } = readTimes(task);
    const keys = {
      order: index,
      task: taskLabel(task),
      state: rank(task.state),
      environment: task.environment || undefined,
      started: began === undefined || !span ? undefined : began - span.start,
      seconds: secondsOf(task),
      waited: began - ready > 0.05 ? began - ready : undefined,
      memory: task.peak_memory ?? undefined,
    };
    const shown = { ...keys, started: formatTime(keys.started), seconds: formatTime(keys.seconds), waited: formatTime(keys.waited) };
    return { task, keys, shown: { ...shown, memory: keys.memory === undefined ? "" : formatBytes(keys.memory) } };
  });
}

function TasksTable({ view }) {
  const rows = useMemo(listTaskRows, []);
  const [text, setText] = useState("");
  const [states, setStates] = useState(new Set());
  const kept = useMemo(
    () => rows.filter(({ task }) => (!states.size || states.has(task.state)) && `${task.name} ${taskLabel(task)} ${task.environment ?? ""}`.toLowerCase().includes(text.toLowerCase())),
    [text, states],
  );
  const [sorted, sorting, sort] = useSorting(kept, {});
  const columns = COLUMNS.filter(({ id }) => rows.some((row) => row.keys[id] !== undefined));
  const hasEnvironments = rows.some((row) => row.keys.environment);
  const toggle = (state) => setStates(new Set(states.has(state) ? [...states].filter((each) => each !== state) : [...states, state]));
  if (!rows.length) return null;
  return html`<section class="card" aria-label="Tasks">
    <header><h2>Tasks</h2><small>${kept.length === rows.length ? rows.length : `${kept.length} of ${rows.length}`}</small>
      <span class="tools">${countStates(tasks).map(([state, count]) => html`<button class=${`toggle ${styleOf(state).tone}`} aria-pressed=${states.has(state)} onClick=${() => toggle(state)}>${styleOf(state).icon} ${state} ${count}</button>`)}
      <input type="search" placeholder="Filter by name" aria-label="Filter tasks by name" value=${text} onInput=${(event) => setText(event.target.value)} /></span></header>
    <div class="scroll" tabindex="0" role="group" aria-label="All tasks"><table>
      <thead><tr><${Heading} name="Task" id="task" sorting=${sorting} sort=${sort} /><${Heading} name="State" id="state" sorting=${sorting} sort=${sort} />
        ${hasEnvironments ? html`<${Heading} name="Environment" id="environment" sorting=${sorting} sort=${sort} />` : null}
        ${columns.map((column) => html`<${Heading} ...${column} sorting=${sorting} sort=${sort} />`)}</tr></thead>
      <tbody>${sorted.map(({ task, shown }) => html`<tr key=${task.name} class=${view.selected === task.name ? "selected" : ""}>
        <th scope="row"><${TaskLink} task=${task} view=${view} /></th>
        <td class=${`state ${styleOf(task.state).tone}`}>${styleOf(task.state).icon} ${task.state}</td>
        ${hasEnvironments ? html`<td>${task.environment}</td>` : null}
        ${columns.map(({ id }) => html`<td class="number">${shown[id]}</td>`)}</tr>`)}</tbody>
    </table></div></section>`;
}
