// The panel: what is known of the selected task, loop, or, with nothing selected, the run.
function Section({ title, children }) {
  return html`<section><h3>${title}</h3>${children}</section>`;
}

function Facts({ rows }) {
  return html`<dl class="facts">${rows.map(([name, value, more]) => html`<div><dt>${name}</dt><${Long}>${value}${more ? html` <small>${more}</small>` : null}<//></div>`)}</dl>`;
}

function Rows({ values, show }) {
  return html`<dl class="values">${values.map((name) => html`<div><dt>${name}</dt><${Long}>${show(name)}<//></div>`)}</dl>`;
}

function Choices({ choices }) {
  return html`<ul class="iterations">${choices.map(({ label, choose }) => html`<li><button onClick=${choose}>${label}</button></li>`)}</ul>`;
}

function Value({ value }) {
  const found = artifactsIn(value);
  if (!found.length) return html`<code>${formatValue(plainValue(value))}</code>`;
  return found.map((artifact) => html`<${Artifact} artifact=${artifact} />`);
}

function Artifact({ artifact }) {
  const rows = Object.entries(artifact.metadata ?? {}).filter(([, value]) => value === null || typeof value !== "object");
  const kind = (artifact.type ?? "").split(".").pop();
  const isMetrics = artifact.type === "system.Metrics" || artifact.type === "system.ClassificationMetrics";
  return html`<span class="artifact">
    ${kind ? html`<span class="tag">${kind}</span>` : null} <code>${artifact.uri}</code>
    ${rows.length && !isMetrics ? html`<small class="metadata">${rows.map(([name, value]) => `${name} ${formatValue(value)}`).join(" · ")}</small>` : null}
  </span>`;
}

// The tasks and parameters that an input comes from.
function Origin({ input, node, name, view }) {
  const planned = nodeOf.get(node)?.inputs?.[name] ?? {};
  const sources = (input?.from ?? []).filter((source) => taskOf.has(source.task));
  const link = (target, text, index) => [index ? ", " : "", html`<${TaskLink} task=${{ name: target }} name=${text} view=${view} />`];
  if (sources.length) {
    const shown = sources.slice(0, 5).map(({ task, output }, index) => link(task, `${shortName(taskOf.get(task))}.${output}`, index));
    return html`${shown}${sources.length > 5 ? ` and ${sources.length - 5} more` : null}`;
  }
  const produced = (planned.from ?? []).map(findProducer).filter(Boolean);
  if (produced.length)
    return produced.map(({ id, output }, index) => link((tasksOf.get(id) ?? [])[0]?.name ?? id, `${nodeLabel(nodeOf.get(id))}.${output}`, index));
  const parameter = input?.parameter ?? planned.parameter;
  if (parameter) return html`<small>parameter <code>${parameter}</code></small>`;
  if (planned.item) return html`<small>item of ${nodeLabel(nodeOf.get(planned.item)) ?? planned.item}</small>`;
  return null;
}

function Inputs({ task, view }) {
  const names = [...new Set([...Object.keys(nodeOf.get(task.node)?.inputs ?? {}), ...Object.keys(task.inputs ?? {})])];
  if (!names.length) return null;
  const show = (name) => {
    const input = task.inputs?.[name] ?? nodeOf.get(task.node)?.inputs?.[name];
    const known = input && ("value" in input || artifactsIn(input).length);
    return html`<${Origin} input=${task.inputs?.[name]} node=${task.node} name=${name} view=${view} /> ${known ? html`<${Value} value=${input} />` : null}`;
  };
  return html`<${Section} title="Inputs"><${Rows} values=${names} show=${show} /><//>`;
}

function Outputs({ title, outputs }) {
  const names = Object.keys(outputs ?? {});
  if (!names.length) return null;
  return html`<${Section} title=${title}><${Rows} values=${names} show=${(name) => html`<${Value} value=${outputs[name]} />`} /><//>`;
}

function Report({ name, report }) {
  const frame = useRef();
  const enlarge = () => frame.current.requestFullscreen?.();
  const head = (more) => html`<div class="report-head"><h4>▤ ${name}</h4>${more}</div>`;
  if (report.unread) return html`<div class="report">${head()}<p><small>Not fetched: ${report.unread}.</small></p></div>`;
  if (report.href) return html`<div class="report">${head(html`<a href=${report.href}>Open (${formatBytes(report.bytes)})</a>`)}</div>`;
  if (report.text !== undefined) return html`<div class="report">${head()}<pre class="text" tabindex="0" aria-label=${`Report ${name}`}>${report.text}</pre></div>`;
  return html`<div class="report">${head(html`<button class="link" onClick=${enlarge}>Enlarge</button>`)}
    <iframe ref=${frame} title=${`Report ${name}`} sandbox="allow-scripts" srcdoc=${report.html}></iframe></div>`;
}

function Reports({ task }) {
  const known = Object.entries(additions.reports[task.name] ?? {});
  return known.map(([name, report]) => html`<${Report} key=${`${task.name} ${name}`} name=${name} report=${report} />`);
}

function Log({ task }) {
  const box = useRef();
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = 1e6; // the last lines say most
  }, [task.name]);
  const tail = additions.logs[task.name];
  const address = task.links?.log;
  if (tail === undefined && !isAddress(address)) return null;
  const place = [task.log?.path, task.log?.bytes === undefined ? undefined : formatBytes(task.log.bytes)];
  return html`<details class="log" open=${task.state === "failed"} key=${task.name}>
    <summary><b>Log</b> <small>${place.filter(Boolean).join(" · ")}</small>${isAddress(address) ? html` <a href=${address}>open</a>` : null}</summary>
    ${tail === undefined ? null : html`<pre ref=${box} tabindex="0" aria-label="End of the log">${tail}</pre>`}
  </details>`;
}

function Command({ text }) {
  const [said, say] = useState("Copy");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      say("Copied");
    } catch {
      getSelection().selectAllChildren(code.current);
      say("Selected");
    }
    setTimeout(() => say("Copy"), 1500);
  };
  const code = useRef();
  return html`<div class="command"><code ref=${code}>${text}</code><button onClick=${copy} aria-label=${`Copy: ${text}`}>${said}</button></div>`;
}

function explainRun(task) {
  const { cache, cause } = task;
  if (cache?.hit) return [cache.retry ? "Reused" : "Cached", `taken from ${[cache.task, cache.run].filter(Boolean).join(" of ") || "an earlier run"}`];
  if (cause) return ["Why not", explainCause(cause, nodeLabel(nodeOf.get(cause.node)) ?? cause.node ?? "")];
  const misses = explainMisses(cache);
  return misses ? ["Why it ran", misses] : undefined;
}

// What a task failed with: what is recorded, and the exception that its log ends with.
const MOST_SAID = 400; // characters
function explainFailure(task) {
  const lines = task.exit > 0 ? (additions.logs[task.name] ?? "").trimEnd().split("\n").slice(-20) : [];
  const raised = lines.findLast((line) => /^[A-Za-z_][\w.]*(Error|Exception|Exit|Interrupt): ./.test(line));
  if (!raised) return sentence(task.failure);
  const said = raised.length > MOST_SAID ? `${raised.slice(0, MOST_SAID)}…` : raised;
  return `${sentence(task.failure).replace(/\.$/, ":")} ${said}`;
}

function describeAttempt(attempt) {
  const { running, ended } = readTimes(attempt);
  const length = running === undefined || ended === undefined ? undefined : formatTime(ended - running);
  return [length, attempt.signal ?? (attempt.exit === undefined ? undefined : `exit code ${attempt.exit}`), attempt.failure].filter(Boolean).join(" · ");
}

function listFacts(task) {
  const { ready, preparing, running, began } = readTimes(task);
  const component = record.components?.[nodeOf.get(task.node)?.component];
  const rows = [
    explainRun(task),
    began - ready > 0.05 && ["Waited", formatTime(began - ready)],
    running - preparing > 0.05 && ["Environment", formatTime(running - preparing)],
    task.peak_memory !== undefined && ["Peak memory", formatBytes(task.peak_memory)],
    task.cpu_seconds !== undefined && ["CPU", formatTime(task.cpu_seconds)],
    component?.function && ["Component", html`<code>${[component.module, component.function].filter(Boolean).join(".")}</code>`],
    isAddress(task.links?.console) && ["Console", html`<a href=${task.links.console}>open</a>`],
  ];
  const attempts = task.attempts ?? [];
  const tried = attempts.length > 1 ? attempts.map((attempt, index) => [`Attempt ${index + 1}`, describeAttempt(attempt)]) : [];
  return [...rows.filter(Boolean), ...tried];
}

function Environment({ name }) {
  const python = record.environments?.[name]?.python;
  if (!name) return null;
  return html`<span class="tag">${name}</span> ${python ? `Python ${python}` : null}`;
}

function describeDuration(task) {
  const ran = secondsOf(task);
  return [ran === undefined ? undefined : `ran ${formatTime(ran)}`, task.signal ?? (task.exit ? `exit code ${task.exit}` : undefined)].filter(Boolean).join(" · ");
}

// Commands work only on the machine that has the run.
const exists = (name) => (additions.commands ?? []).includes(name);

function Commands({ task }) {
  const words = [
    task && exists("runs logs") && ["kfpkit", "runs", "logs", record.id, task.name],
    exists("runs retry") && !["succeeded", "running"].includes(record.state) && ["kfpkit", "runs", "retry", record.id],
    !task && Array.isArray(record.command) && record.command,
  ].filter(Boolean);
  if (!words.length) return null;
  return html`<${Section} title=${task ? "Continue" : "Command"}>${words.map((each) => html`<${Command} text=${each.map(quote).join(" ")} />`)}<//>`;
}

function TaskPanel({ task, view }) {
  const duration = describeDuration(task);
  const rows = listFacts(task);
  const python = record.environments?.[task.environment]?.python;
  return html`<${Head} state=${task.state} title=${shortName(task)} view=${view}>
      ${task.item ? html`<b>${task.item}</b> · ` : null}<${Environment} name=${task.environment} />${duration ? `${python ? " · " : ""}${duration}` : null}
    <//>
    ${task.failure ? html`<p class="failure">${explainFailure(task)}${task.place ? html`<small>at <code>${task.place.file}:${task.place.line}</code></small>` : null}</p>` : null}
    ${task.state === "failed" ? html`<${Log} task=${task} />` : null}
    ${Object.keys(metricsOf(task)).length || classificationsOf(task).length ? html`<${Section} title="Metrics"><${Tiles} metrics=${metricsOf(task)} /><${Classification} task=${task} /><//>` : null}
    <${Reports} task=${task} />
    ${rows.length ? html`<${Section} title="Details"><${Facts} rows=${rows} /><//>` : null}
    <${Inputs} task=${task} view=${view} />
    <${Outputs} title="Outputs" outputs=${task.outputs} />
    ${task.state === "failed" ? null : html`<${Log} task=${task} />`}
    <${Commands} task=${task} />`;
}

function Head({ state, title, view, children }) {
  return html`<div class="head"><div><${Chip} state=${state} /><h2>${title}</h2>
      <button class="close" aria-label="Close" title="Close (Escape)" onClick=${() => view.select(undefined)}>×</button></div>
    <p>${children}</p></div>`;
}

function NodePanel({ node, view }) {
  const all = tasksIn(node.id);
  const depth = loopsAround(node.id).length + (node.kind === "loop" ? 1 : 0);
  const cells = cellsOf(all, depth);
  const state = worst(all.map((task) => task.state)) ?? "not started";
  return html`<${Head} state=${state} title=${nodeLabel(node)} view=${view}><${Counts} tasks=${all} words /><//>
    ${cells.length
      ? html`<${Section} title=${node.kind === "loop" ? "Iterations" : "Tasks"}><${Choices} choices=${cells.map(({ state, title, task }) => ({
          label: html`<${Icon} state=${state} /> ${title}<${Hidden}>${state}<//>`,
          choose: () => view.select(task.name),
        }))} /><//>`
      : null}
    <${Inputs} task=${{ node: node.id }} view=${view} />`;
}

function Parameters() {
  const parameters = record.parameters ?? {};
  if (!Object.keys(parameters).length) return null;
  const show = (name) => {
    const { origin, about } = parameters[name];
    return html`<span title=${about}><${Value} value=${parameters[name]} /> <small>${origin}</small></span>`;
  };
  return html`<${Section} title="Parameters"><${Rows} values=${Object.keys(parameters)} show=${show} /><//>`;
}

function Environments() {
  const known = Object.entries(record.environments ?? {});
  if (!known.length) return null;
  const total = tasks.reduce((sum, task) => sum + (secondsOf(task) ?? 0), 0);
  const share = (name) => {
    const seconds = tasks.filter((task) => task.environment === name).reduce((sum, task) => sum + (secondsOf(task) ?? 0), 0);
    return total && seconds ? `${Math.round((100 * seconds) / total)} % of the time` : undefined;
  };
  return html`<${Section} title="Environments">${known.map(([name, environment]) => {
    const packages = Object.entries(environment.packages ?? {});
    const facts = [environment.python && `Python ${environment.python}`, packages.length && `${packages.length} packages`, share(name)].filter(Boolean).join(" · ");
    if (!packages.length) return html`<p class="environment"><span class="tag">${name}</span> <small>${facts}</small></p>`;
    return html`<details class="environment"><summary><span class="tag">${name}</span> <small>${facts}</small></summary>
      <p class="packages">${packages.map(([each, version]) => html`<span>${each} ${version}</span>`)}</p></details>`;
  })}<//>`;
}

function RunPanel({ view }) {
  const reported = tasks.filter((task) => additions.reports[task.name]);
  return html`<h2 class="hidden">The run</h2>
    <${Outputs} title="Results" outputs=${record.outputs} />
    <${Parameters} />
    ${reported.length
      ? html`<${Section} title="Reports"><${Choices} choices=${reported.flatMap((task) =>
          Object.keys(additions.reports[task.name]).map((name) => ({ label: `▤ ${taskLabel(task)}.${name}`, choose: () => view.select(task.name) })),
        )} /><//>`
      : null}
    <${Environments} />
    <${Commands} />`;
}

function Panel({ view }) {
  const panel = useRef();
  useEffect(() => {
    if (panel.current) panel.current.scrollTop = 0;
  }, [view.selected]);
  const task = taskOf.get(view.selected);
  const node = nodeOf.get(view.selected);
  const body = task ? html`<${TaskPanel} task=${task} view=${view} />` : node ? html`<${NodePanel} node=${node} view=${view} />` : html`<${RunPanel} view=${view} />`;
  return html`<aside ref=${panel} class=${`card panel${task || node ? " sheet" : ""}`} aria-label="Details" tabindex="-1">${body}</aside>`;
}
