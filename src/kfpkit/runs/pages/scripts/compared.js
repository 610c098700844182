// The page of a comparison as a whole: its runs, what changed, and the tables with the side panel.
function Revision({ revision }) {
  if (!revision?.commit) return null;
  return html`<code>${revision.commit.slice(0, 10)}</code> ${revision.branch}${revision.dirty ? html` <b class="dirty">uncommitted changes</b>` : null}`;
}

// A line for each fact that a run has; the target and configuration only where they differ.
const FACTS = [
  ["State", (run) => html`<${Chip} state=${run.state} />${run.seconds === undefined ? null : html` <span>in ${formatTime(run.seconds)}</span>`} <span class="counts"><${Counts} tasks=${run.states.map((state) => ({ state }))} words /></span>`],
  ["Started", (run) => formatMoment(run.started)],
  ["Revision", (run) => (run.revision?.commit ? html`<${Revision} revision=${run.revision} />` : undefined)],
  ["Command", (run) => (run.command ? html`<code>${run.command.map(quote).join(" ")}</code>` : undefined)],
];
const DIFFERING = [
  ["Configuration", (run) => run.configuration?.file],
  ["Target", (run) => run.target && [run.target.name ?? run.target.kind, run.target.mode, run.target.project, run.target.location].filter(Boolean).join(" · ")],
  ["kfpkit", (run) => run.kfpkit || undefined],
];

function listFacts() {
  const differ = DIFFERING.filter(([, find]) => new Set(runs.map(find)).size > 1);
  return [...FACTS, ...differ].filter(([, find]) => runs.some((run) => find(run) !== undefined));
}

function Top() {
  return html`<header class="top">
    <div class="title"><h1>${comparison.pipeline}</h1><p>${runs.length} runs compared</p></div>
    <div class="runs" tabindex="0" role="group" aria-label="Runs"><table>
      <thead><tr><td></td>${runs.map((run, index) => html`<th scope="col"><${Letter} index=${index} /> <${PageLink} run=${run}><code>${run.id}</code><//></th>`)}</tr></thead>
      <tbody>${listFacts().map(([name, find]) => html`<tr><th scope="row">${name}</th>${runs.map((run) => html`<td>${find(run)}</td>`)}</tr>`)}</tbody>
    </table></div>
    <p class="changed"><b>${isPair ? "From A to B changed:" : "Compared with A changed:"}</b> ${
      comparison.changes.length ? comparison.changes.map((each) => html`<span class="chip busy">${each}</span> `) : "nothing that the records show"
    }</p>
  </header>`;
}

function Page() {
  return html`<${Top} />
    <main>
      <div class="content"><${Metrics} /><${Tasks} /><${Classifications} /></div>
      <aside class="card panel" aria-label="What changed" tabindex="0"><h2 class="hidden">What changed</h2>
        <${Changes} title="Parameters" table=${comparison.parameters} origins />
        <${Changes} title="Results" table=${comparison.results} />
        <${Sources} /><${Locks} />
        <${Changes} title="Data" table=${comparison.outputs} />
      </aside>
    </main>
    <footer>${baseline.kfpkit ? `Written by kfpkit ${runs[runs.length - 1].kfpkit}` : "Written by kfpkit"}</footer>`;
}

document.title = `${comparison.pipeline}: ${runs.length} runs compared`;
render(html`<${Page} />`, document.getElementById("page"));
