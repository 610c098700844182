// The page as a whole: what is selected and expanded, its address, and the keyboard.
const failures = tasks.filter((task) => task.state === "failed").sort((a, b) => (readTimes(a).ended ?? 0) - (readTimes(b).ended ?? 0));

const readAddress = () => {
  const [, name] = /^#(?:task|node)=(.*)$/.exec(location.hash) ?? [];
  try {
    const found = name && decodeURIComponent(name);
    return taskOf.has(found) || nodeOf.has(found) ? found : undefined;
  } catch {
    return undefined; // not an encoded name
  }
};

function writeAddress(name) {
  const kind = taskOf.has(name) ? "task" : "node";
  history.replaceState(null, "", name === undefined ? location.pathname + location.search : `#${kind}=${encodeURIComponent(name)}`);
}

function useView() {
  const [selected, setSelected] = useState(() => readAddress() ?? failures[0]?.name);
  const [expanded, setExpanded] = useState(new Set());
  const [drawn, setDrawn] = useState(false);
  const select = (name) => {
    setSelected(name);
    writeAddress(name);
  };
  const toggle = (id) => {
    const isOpen = expanded.has(id);
    const inside = (each) => each === id || ancestorsOf(each).some((node) => node.id === id);
    setExpanded(new Set(isOpen ? [...expanded].filter((each) => !inside(each)) : [...expanded, id]));
  };
  const expandAll = (open) => setExpanded(new Set(open ? nodes.filter((node) => node.kind === "loop").map((node) => node.id) : []));
  useEffect(() => {
    const follow = () => setSelected(readAddress());
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return { selected, select, expanded, toggle, expandAll, drawn, draw: () => setDrawn(true) };
}

// Escape closes the panel; j and k go through the tasks in the order of the table.
function useKeyboard(view) {
  useLayoutEffect(() => {
    const press = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Escape") return view.select(undefined);
      if (event.target.closest("input, textarea, [tabindex='0']") || !["j", "k"].includes(event.key)) return undefined;
      const at = tasks.findIndex((task) => task.name === readAddress()); // what is drawn may be late
      const next = tasks[at + (event.key === "j" ? 1 : at < 0 ? 0 : -1)];
      return next && view.select(next.name);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}

function Fact({ name, children }) {
  return html`<div class="fact"><dt>${name}</dt><dd>${children}</dd></div>`;
}

const MODES = { venv: "virtual environments", container: "containers" };

function Target({ target }) {
  const more = [MODES[target.mode], target.project, target.location].filter(Boolean).join(" · ");
  const name = target.name ?? target.kind;
  return html`${isAddress(target.link) ? html`<a href=${target.link}>${name}</a>` : name} <small>${more}</small>`;
}

function Top() {
  const { revision, configuration, target } = record;
  return html`<header class="top">
    <div class="title"><${Chip} state=${record.state} /><h1>${record.pipeline}</h1><code>${record.id}</code>${record.about ? html`<p>${record.about}</p>` : null}</div>
    <dl>
      ${record.started === undefined ? null : html`<${Fact} name="Started">${formatMoment(record.started)}<//>`}
      ${record.seconds === undefined ? null : html`<${Fact} name="Took">${formatTime(record.seconds)}<//>`}
      ${record.retry ? html`<${Fact} name="Retry of"><code>${record.retry.run}</code><//>` : null}
      ${tasks.length ? html`<${Fact} name="Tasks"><${StateBar} tasks=${tasks} /><span class="counts"><${Counts} tasks=${tasks} words /></span><//>` : null}
      ${target ? html`<${Fact} name="Target"><${Target} target=${target} /><//>` : null}
      ${configuration?.file ? html`<${Fact} name="Configuration">${configuration.file}<//>` : null}
      ${revision?.commit ? html`<${Fact} name="Revision"><code>${revision.commit.slice(0, 10)}</code> ${revision.branch}${revision.dirty ? html` <b class="dirty">uncommitted changes</b>` : null}<//>` : null}
    </dl>
  </header>`;
}

function Banner({ view }) {
  const [first] = failures;
  if (!first && record.state === "broken off") return html`<p class="banner" role="status"><b>The run was interrupted.</b> Its process ended before it could record how the run ended.</p>`;
  if (!first) return null;
  const held = tasks.filter((task) => task.state === "not started").length;
  return html`<p class="banner" role="status"><b>${failures.length === 1 ? "1 task failed." : `${failures.length} tasks failed.`}</b> <${TaskLink} task=${first} view=${view} />
    ${first.failure ? ` ${explainFailure(first)}` : null}${held ? ` ${held} ${held === 1 ? "task" : "tasks"} did not start because of it.` : null}</p>`;
}

function Page() {
  const view = useView();
  useKeyboard(view);
  const visible = useMemo(() => listVisible(view.expanded), [view.expanded]);
  const hasGraph = visible.shown.length > 0;
  const layout = useMemo(
    () => (hasGraph && (visible.shown.length <= MOST_NODES || view.drawn) ? layOut(visible, view.expanded) : undefined),
    [visible, view.drawn],
  );
  const isNarrow = layout && layout.width <= 460;
  return html`<${Top} /><${Banner} view=${view} />
    <main class=${hasGraph ? "" : "no-graph"}>
      <div class="content">
        <div class=${`pictures${isNarrow ? " beside" : ""}`}>
          ${hasGraph ? html`<${Graph} view=${view} visible=${visible} layout=${layout} />` : null}
          <${Timeline} view=${view} />
        </div>
        <${MetricsTable} view=${view} /><${TasksTable} view=${view} />
        ${tasks.length ? null : html`<section class="card"><p class="guard">No task has started.</p></section>`}
      </div>
      <${Panel} view=${view} />
    </main>
    <footer>${record.kfpkit ? `Written by kfpkit ${record.kfpkit}` : "Written by kfpkit"}</footer>`;
}

document.title = `${record.pipeline} ${record.state}`;
render(html`<${Page} />`, document.getElementById("page"));
