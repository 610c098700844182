-- The samples to learn from. Names without a dataset belong to the pipeline's dataset.
SELECT
  sample_id,
  malignant,
  mean_radius,
  mean_texture,
  mean_smoothness,
  mean_compactness,
  mean_concavity,
  mean_symmetry,
  worst_radius,
  worst_texture,
  worst_smoothness,
  worst_compactness,
  worst_concavity,
  worst_symmetry
FROM
  breast_cancer
WHERE
  mean_radius >= @min_mean_radius
