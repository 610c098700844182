// Values that changed: parameters, results, packages and outputs of tasks, with the earlier value first.
function Section({ title, children }) {
  return html`<section><h3>${title}</h3>${children}</section>`;
}

const Missing = () => html`<small>none</small>`;
const Shown = ({ value, kind }) => (value === null ? html`<${Missing} />` : html`<code class=${kind ?? ""}>${formatAny(value)}</code>`);

function Values({ row, origins }) {
  const [first] = row.values;
  const last = row.values[row.values.length - 1];
  const origin = (index) => {
    const found = origins && runs[index].origins[row.name];
    return found ? html` <small>${found}</small>` : null;
  };
  if (!row.differs) return html`<${Shown} value=${first} />${origin(0)}`;
  if (isPair) return html`<${Shown} value=${first} kind="was" /> <span aria-hidden="true">→</span><${Hidden}>became<//> <${Shown} value=${last} kind="now" />${origin(1)}`;
  return row.values.map((value, index) => html`<span class="each"><${Letter} index=${index} /> <${Shown} value=${value} kind=${index ? "now" : "was"} />${origin(index)}</span>`);
}

function List({ rows, origins }) {
  return html`<dl class="values">${rows.map(
    (row) => html`<div><dt>${[row.group, row.name].filter(Boolean).join(".")}</dt><${Long}><${Values} row=${row} origins=${origins} /><//></div>`,
  )}</dl>`;
}

function Changes({ title, table, origins }) {
  const view = useDifferences(table, (row) => row.differs, false);
  if (!table.rows.length) return null;
  return html`<section><h3>${title} ${view.isMixed ? html`<button class="link" onClick=${view.flip} aria-label=${`${title}: ${view.everything ? "only differences" : "show all"}`}>${view.everything ? "only differences" : "show all"}</button>` : null}</h3>
    ${view.shown.length ? html`<${List} rows=${view.shown} origins=${origins} />` : html`<p class="same">the same</p>`}<${More} left=${table.left} /></section>`;
}

// Packages by environment, of which the page has only those that changed.
function Locks() {
  const { packages, knows_packages: known } = comparison;
  if (!known) return null;
  const groups = [...new Set(packages.rows.map((row) => row.group))];
  return html`<${Section} title="Locks">${groups.length ? null : html`<p class="same">the same</p>`}
    ${groups.map((group) => html`<h4><span class="tag">${group}</span></h4><${List} rows=${packages.rows.filter((row) => row.group === group).map((row) => ({ ...row, group: "" }))} />`)}
    <${More} left=${packages.left} /><//>`;
}
