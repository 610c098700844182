// Tasks side by side: state, why each ran, and how long, with the preparation of its environment.
const lengthOf = (task) => (task ? (task.prepared ?? 0) + (task.seconds ?? 0) : 0);
const MOST_FILTERED = 12; // tasks; fewer are seen at a glance

// Why a task ran or not, in one run. A cache hit names the run that it is from.
function explain(task) {
  if (!task) return "";
  if (task.cache?.hit) {
    const from = runs.findIndex((run) => run.id === task.cache.run);
    return from < 0 ? "taken from the cache" : `taken from ${letterOf(from)}`;
  }
  return task.cause ? explainCause(task.cause, task.cause.node ?? "") : explainMisses(task.cache);
}

const hasReason = (task) => (task?.cache?.miss ?? []).some(({ kind }) => kind !== "off" && kind !== "never");
const taskDiffers = ({ runs: each }) => new Set(each.map((task) => task?.state)).size > 1 || each.slice(1).some(hasReason);

function State({ task, run, name }) {
  if (!task) return html`<td><${Missing} /></td>`;
  const { icon, tone } = styleOf(task.state);
  return html`<td class=${`state ${tone}`}><${PageLink} run=${run} task=${name}>${icon} ${task.state}<//></td>`;
}

function Durations({ each, longest }) {
  return html`<div class="durations">${each.map((task, index) => {
    const length = lengthOf(task);
    const words = task?.state === "cached" ? "cached" : formatTime(task?.seconds);
    const share = longest ? (100 * length) / longest : 0;
    if (!words) return html`<div class="duration"></div>`;
    return html`<div class="duration"><i class=${`long run-${index % 6}`} style=${`width:calc((100% - 58px) * ${share / 100})`}>
        ${task?.prepared > longest / 500 ? html`<i class="prepares" style=${`width:${(100 * task.prepared) / length}%`}></i>` : null}</i>
      <small><${Hidden}>${letterOf(index)}<//>${isHit(task?.state) ? task.state : words}</small></div>`;
  })}</div>`;
}

function TaskRow({ row, longest }) {
  const reasons = row.runs.map(explain);
  const rest = reasons.slice(1);
  return html`<tr>
    <th scope="row" title=${[row.name, row.item].filter(Boolean).join(" · ")}>${row.name}${row.item ? html` <small>${row.item}</small>` : null}</th>
    ${row.runs.map((task, index) => html`<${State} task=${task} run=${runs[index]} name=${row.name} />`)}
    <td class="why">${isPair ? rest[0] : rest.map((text, index) => (text ? html`<span class="each"><${Letter} index=${index + 1} /> ${text}</span>` : null))}</td>
    <td class="picture"><${Durations} each=${row.runs} longest=${longest} /></td>
  </tr>`;
}

function Tasks() {
  const table = comparison.tasks;
  const view = useDifferences(table, taskDiffers, table.rows.length <= MOST_SHOWN || !table.rows.some(taskDiffers));
  const [text, setText] = useState("");
  const longest = useMemo(() => Math.max(0, ...table.rows.flatMap((row) => row.runs.map(lengthOf))), []);
  const shown = view.shown.filter((row) => `${row.name} ${row.item ?? ""}`.toLowerCase().includes(text.toLowerCase()));
  const prepares = table.rows.some((row) => row.runs.some((task) => task?.prepared > longest / 500));
  if (!table.rows.length) return null;
  return html`<section class="card" aria-label="Tasks">
    <header><h2>Tasks</h2><small>${shown.length === table.rows.length ? shown.length : `${shown.length} of ${table.rows.length}`}</small>
      <${Flip} view=${view} />
      ${table.rows.length > MOST_FILTERED ? html`<input type="search" placeholder="Filter by name" aria-label="Filter tasks by name" value=${text} onInput=${(event) => setText(event.target.value)} />` : null}
      <span class="legend">${prepares ? html`<span><i class="long"><i class="prepares"></i></i>environment</span>` : null}${runs.map((run, index) => html`<${Letter} index=${index} />`)}</span></header>
    <div class="scroll" tabindex="0" role="group" aria-label="Tasks of all runs"><table>
      <thead><tr><th scope="col">Task</th>${runs.map((run, index) => html`<th scope="col">${letterOf(index)}</th>`)}
        <th scope="col">Why it ran${isPair ? ` in ${lastLetter}` : ""}</th><th scope="col" class="picture">Time</th></tr></thead>
      <tbody>${shown.map((row) => html`<${TaskRow} key=${row.name} row=${row} longest=${longest} />`)}</tbody>
    </table></div><${More} left=${table.left} /></section>`;
}
