// Metrics side by side, each on a scale from the lowest to the highest value of that metric.
const numbersOf = (values) => values.filter(isNumber);

function findRanges(rows) {
  const ranges = new Map();
  for (const { name, values } of rows) {
    const [low, high] = ranges.get(name) ?? [Infinity, -Infinity];
    ranges.set(name, [Math.min(low, ...numbersOf(values)), Math.max(high, ...numbersOf(values))]);
  }
  return ranges;
}

// Whether the last value is better than the first, and which are the best, where a metric's direction is known.
function judge({ name, values }) {
  const direction = directionOf(name);
  const [first, last] = [values[0], values[values.length - 1]];
  const numbers = numbersOf(values);
  if (!direction || new Set(numbers).size < 2) return { verdict: "", best: undefined };
  const verdict = isNumber(first) && isNumber(last) && first !== last ? ((last - first) * direction > 0 ? "better" : "worse") : "";
  return { verdict, best: direction > 0 ? Math.max(...numbers) : Math.min(...numbers) };
}

function formatChange(change) {
  const text = formatMetric(Math.abs(change), change % 1);
  return `${change < 0 ? "−" : "+"}${text}`;
}

function Range({ values, range, verdict }) {
  const [low, high] = range;
  const at = (value) => (high > low ? 4 + (92 * (value - low)) / (high - low) : 50);
  const known = values.map((value, index) => ({ value, index })).filter(({ value }) => isNumber(value));
  const places = known.map(({ value }) => at(value));
  const [from, to] = [Math.min(...places), Math.max(...places)];
  return html`<span class="range" aria-hidden="true">${known.length ? html`<i class=${`between ${isPair ? verdict : ""}`} style=${`left:${from}%;width:${to - from}%`}></i>` : null}
    ${known.map(({ index }, order) => html`<i class=${`dot run-${index % 6}`} style=${`left:${places[order]}%`}></i>`)}</span>`;
}

// How many rows, from this one on, have its group: they share one heading.
function countGroup(rows, index) {
  const end = rows.findIndex((row, at) => at > index && row.group !== rows[index].group);
  return (end < 0 ? rows.length : end) - index;
}

function MetricRow({ rows, index, range }) {
  const row = rows[index];
  const starts = !index || rows[index - 1].group !== row.group;
  const { verdict, best } = judge(row);
  const decimals = row.values.some((value) => isNumber(value) && value % 1);
  const [first, last] = [row.values[0], row.values[row.values.length - 1]];
  const change = isNumber(first) && isNumber(last) && first !== last ? last - first : undefined;
  return html`<tr class=${starts && index ? "starts" : ""}>
    ${starts ? html`<th scope="rowgroup" rowspan=${countGroup(rows, index)}>${row.group}</th>` : null}<td>${row.name}</td>
    ${row.values.map((value) => {
      const isBest = value !== null && value === best;
      return html`<td class=${`number${isBest ? " best" : ""}`}>${value === null ? "" : formatMetric(value, decimals)}${isBest ? html`<${Hidden}>best<//>` : null}</td>`;
    })}
    ${isPair ? html`<td class=${`number ${verdict}`}>${change === undefined ? "" : formatChange(change)} ${verdict}</td>` : null}
    <td class="picture"><${Range} values=${row.values} range=${range} verdict=${verdict} /></td>
  </tr>`;
}

function Metrics() {
  const table = comparison.metrics;
  const ranges = useMemo(() => findRanges(table.rows), []);
  const view = useDifferences(table, (row) => row.differs, table.rows.length <= MOST_SHOWN || table.rows.every((row) => !row.differs));
  if (!table.rows.length) return null;
  return html`<section class="card" aria-label="Metrics">
    <header><h2>Metrics</h2><${Flip} view=${view} /><${Letters} /></header>
    <div class="scroll" tabindex="0" role="group" aria-label="Metrics of all runs"><table>
      <thead><tr><th scope="col">Task</th><th scope="col">Metric</th>${runs.map((run, index) => html`<th scope="col" class="number">${letterOf(index)}</th>`)}
        ${isPair ? html`<th scope="col" class="number">Change</th>` : null}<th scope="col" class="picture"><small>lowest to highest of this metric</small></th></tr></thead>
      <tbody>${view.shown.map((row, index) => html`<${MetricRow} rows=${view.shown} index=${index} range=${ranges.get(row.name)} />`)}</tbody>
    </table></div><${More} left=${table.left} /></section>`;
}

function Classifications() {
  const rows = comparison.classifications.rows.filter((row) => row.differs);
  if (!rows.length) return null;
  return html`<section class="card" aria-label="Classification"><header><h2>Classification</h2></header>
    ${rows.map((row) => html`<div class="classes"><h3>${row.group}</h3><div class="sides">${row.values.map((value, index) =>
      value === null ? null : html`<div><${Letter} index=${index} /><div class="figures"><${Confusion} ...${value} /><${Curve} ...${value} /></div></div>`,
    )}</div></div>`)}<${More} left=${comparison.classifications.left} /></section>`;
}
