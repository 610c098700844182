// The comparison: its runs, each with a letter and a color, and the rows that hold their values.
const comparison = read("comparison");
const { runs } = comparison;
const letterOf = (index) => (index < 26 ? String.fromCharCode(65 + index) : String(index + 1));
const [baseline] = runs;
const isPair = runs.length === 2;
const lastLetter = letterOf(runs.length - 1);
const MOST_SHOWN = 40; // above, a table begins with what differs

const Dot = ({ index }) => html`<i class=${`dot run-${index % 6}`}></i>`;
const Letter = ({ index }) => html`<span class="letter"><${Dot} index=${index} />${letterOf(index)}</span>`;
const Letters = () => html`<span class="legend">${runs.map((run, index) => html`<${Letter} index=${index} />`)}</span>`;

// A run's page may have moved by now, or the comparison's, so links are made only from relative addresses.
const pageOf = (run, task) => run.page && `${run.page}${task === undefined ? "" : `#task=${encodeURIComponent(task)}`}`;

function PageLink({ run, task, children }) {
  const address = pageOf(run, task);
  return address ? html`<a href=${address}>${children}</a>` : html`<span>${children}</span>`;
}

const isNumber = (value) => typeof value === "number";
const formatAny = (value) => (isNumber(value) ? String(Number(value.toPrecision(6))) : formatValue(value));

// A table or list shows what differs, or everything.
function useDifferences({ rows }, differs, begins) {
  const [everything, setEverything] = useState(begins);
  const differing = useMemo(() => rows.filter(differs), [rows]);
  const isMixed = differing.length < rows.length;
  return { shown: everything ? rows : differing, everything, isMixed, flip: () => setEverything(!everything) };
}

function Flip({ view, count }) {
  if (!view.isMixed) return null;
  return html`<span class="tools"><button aria-pressed=${!view.everything} onClick=${view.flip}>Only differences</button></span>`;
}

function More({ left }) {
  return left ? html`<p class="more">${left.toLocaleString("en-US")} more: <code>kfpkit runs compare --all</code> prints them</p>` : null;
}
