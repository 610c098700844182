// Source files that changed, with the tasks that use them and their diffs.
const MOST_OPEN = 40; // lines; a longer difference is folded

// The lines of a diff, each with its number: in the earlier file if it is gone, else in the later one.
function numberLines(difference) {
  let [before, after] = [0, 0];
  return difference.split("\n").map((line) => {
    const head = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(line);
    if (head) {
      [before, after] = [Number(head[1]), Number(head[2])];
      return { kind: "hunk", text: "⋯" };
    }
    const kind = line[0] === "-" ? "gone" : line[0] === "+" ? "come" : "";
    const number = kind === "gone" ? before : after;
    if (kind !== "come") before += 1;
    if (kind !== "gone") after += 1;
    return { kind, number, mark: line[0] ?? " ", text: line.slice(1) };
  });
}

function Difference({ file }) {
  const lines = useMemo(() => numberLines(file.difference), [file]);
  const shown = lines[0]?.kind === "hunk" ? lines.slice(1) : lines;
  return html`<pre tabindex="0" role="group" aria-label=${`Diff of ${file.path}`}>${shown.map(({ kind, number, mark, text }) =>
    kind === "hunk" ? html`<span class="hunk">${text}</span>` : html`<span class=${kind}><i>${String(number).padStart(4)}</i> ${mark} ${text}</span>`,
  )}</pre>`;
}

function File({ file }) {
  const count = file.difference.split("\n").length;
  const left = file.difference ? file.left && `${file.left.toLocaleString("en-US")} more lines` : "the diff is not available";
  const more = [file.what === "changed" ? undefined : file.what, left];
  const head = html`<b class="path">${file.path}</b> <small>${more.filter(Boolean).join(" · ")}</small>`;
  const used = file.tasks.length ? html`<p class="used">used by ${file.tasks.join(", ")}</p>` : null;
  if (!file.difference) return html`<div class="file"><p>${head}</p>${used}</div>`;
  return html`<details class="file" open=${count <= MOST_OPEN}><summary>${head}</summary>${used}<${Difference} file=${file} /></details>`;
}

function Sources() {
  const known = comparison.sources.some(({ rows }) => rows.length);
  return html`<${Section} title="Code">${known ? null : html`<p class="same">the same</p>`}${comparison.sources.map(({ rows, left }, index) =>
    rows.length
      ? html`${isPair ? null : html`<h4><${Letter} index=${0} /> → <${Letter} index=${index + 1} /></h4>`}
          ${rows.map((file) => html`<${File} file=${file} />`)}<${More} left=${left} />`
      : null,
  )}<//>`;
}
