// The metrics that tasks have logged.
const outputsOf = (task) => Object.entries(task.outputs ?? {});

function metricsOf(task) {
  const found = outputsOf(task).flatMap(([, value]) =>
    artifactsIn(value).filter((artifact) => artifact.type === "system.Metrics"),
  );
  const pairs = found.flatMap((artifact) => Object.entries(artifact.metadata ?? {}));
  return Object.fromEntries(pairs.filter(([, value]) => ["number", "string", "boolean"].includes(typeof value)));
}

function classificationsOf(task) {
  return outputsOf(task).flatMap(([name, value]) =>
    artifactsIn(value)
      .filter((artifact) => artifact.type === "system.ClassificationMetrics")
      .map((artifact) => ({ name, ...artifact.metadata })),
  );
}

function Tiles({ metrics }) {
  const known = Object.entries(metrics);
  if (!known.length) return null;
  return html`<dl class="tiles">
    ${known.map(([name, value]) => html`<div><dt title=${name}>${name}</dt><dd>${formatMetric(value)}</dd></div>`)}
  </dl>`;
}

function Classification({ task }) {
  const found = classificationsOf(task);
  return found.map((each) => html`<div class="figures"><${Confusion} ...${each} /><${Curve} ...${each} /></div>`);
}
