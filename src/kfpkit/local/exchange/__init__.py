"""What tasks take in and produce, by the rules of KFP's back end.

A compiled pipeline says where each input of a task comes from. What the value is, Kubeflow's driver
and launcher decide: which text stands in a string, what happens to `None`, which types fit, where
an output is read from. This package does the same, part by part:

- `scope` holds what the tasks of a running graph can take, and `job` what they can ask of the run;
- `arguments` resolves the inputs of a task, with `selectors` for the parts of a loop's items,
  `templates` for the placeholders in text, and `conversion` for types;
- `executor_input` is what a component's process gets, `executor_output` what it left;
- `results` are the outputs of a whole graph.

Where a cluster fails a task, an error of `LocalRunError` is raised, and the task fails here too.
"""
