// Metrics: which direction is better, and how their values are written.
// scikit-learn's names: what ends with "score" is better when higher, an error, loss or deviance when lower.
const HIGHER =
  /_score$|^(.*accuracy|f1|precision|recall|(roc_)?auc|average_precision|jaccard|matthews_corrcoef|r2|explained_variance)$/;
const LOWER = /_(error|loss|deviance)$|^(davies_bouldin_score|brier_score|mae|mse|rmse|msle|rmsle|mape)$/;
const directionOf = (name) => (LOWER.test(name) ? -1 : HIGHER.test(name) ? 1 : 0);

function formatMetric(value, decimals) {
  if (typeof value !== "number") return String(value);
  if (Number.isInteger(value) && !decimals) return value.toLocaleString("en-US");
  const size = Math.abs(value);
  return size >= 1e6 || (size && size < 1e-4) ? value.toExponential(3) : value.toFixed(size >= 100 ? 2 : 4);
}
