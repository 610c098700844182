// The pictures of a classification, drawn from KFP's own artifacts.
function Confusion({ confusionMatrix }) {
  const rows = (confusionMatrix?.rows ?? []).map((row) => row.row ?? row);
  const names = (confusionMatrix?.annotationSpecs ?? []).map((each) => each.displayName);
  if (!rows.length || rows.length > 20 || !rows.every(Array.isArray)) return null;
  return html`<figure class="confusion">
    <table>
      <thead><tr><td></td>${names.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>
        ${rows.map((row, index) => {
          const total = row.reduce((sum, each) => sum + each, 0);
          return html`<tr>
            <th scope="row">${names[index]}</th>
            ${row.map((count, column) => {
              const share = total ? count / total : 0;
              const tone = index === column ? "--good-fill" : "--bad-fill";
              const strength = Math.round(15 + 45 * share);
              return html`<td style=${`background:color-mix(in srgb, var(${tone}) ${strength}%, var(--card))`}>
                <b>${count}</b>${total ? html`<span>${Math.round(100 * share)} %</span>` : null}
              </td>`;
            })}
          </tr>`;
        })}
      </tbody>
    </table>
    <figcaption>Confusion matrix (rows: true)</figcaption>
  </figure>`;
}

function Curve({ confidenceMetrics }) {
  const points = (confidenceMetrics ?? []).filter(
    (each) => Number.isFinite(each.falsePositiveRate) && Number.isFinite(each.recall),
  );
  if (points.length < 2) return null;
  const path = points.map((each) => `${10 + 100 * each.falsePositiveRate},${105 - 100 * each.recall}`);
  return html`<figure class="curve">
    <svg viewBox="-12 0 130 125" role="img" aria-label="ROC curve">
      <path class="frame" d="M10 5V105H110" /><path class="chance" d="M10 105L110 5" />
      <polyline points=${path.join(" ")} />
      <text x="60" y="120" text-anchor="middle">false positive rate</text>
      <text transform="translate(0 55) rotate(-90)" text-anchor="middle">recall</text>
    </svg>
  </figure>`;
}
