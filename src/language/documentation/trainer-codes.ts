/** What docs/diagnostics.md says about a code of the trainer that can stand among the problems of a config. */
export interface TrainerCode {
  /** When it is reported. */
  when: string;
  /** What to do about it. */
  remedy: string;
}

/** Codes about data files and models. They are errors, at the line of the data file where one is known. */
export const TRAINER_CODES: Record<string, TrainerCode> = {
  'data/all-masked': {
    when: 'No row of a split has a token to predict: everything after the prompts was cut off, the rows are empty, or with `assistant_only_loss` the chat template marks nothing of what the assistant says.',
    remedy:
      'Raise `max_length`, correct the columns, put `{% generation %}` and `{% endgeneration %}` into the template, or set `assistant_only_loss: false`.',
  },
  'data/bad-chat-template': {
    when: 'A chat template is no valid Jinja.',
    remedy: 'Correct the template, or copy it again from where the model came from.',
  },
  'data/bad-messages': {
    when: 'A row of format `chat` holds no list of messages, or one that the chat template does not take; or a prompt is a conversation that it does not take.',
    remedy: 'Correct the row, or take another template.',
  },
  'data/bad-preference': {
    when: 'A row of format `preference` has an answer that is neither a text nor a list of messages.',
    remedy: 'Correct the row that is named.',
  },
  'data/no-chat-template': {
    when: 'Conversations are to be trained on, and the tokenizer has no chat template.',
    remedy:
      'Take the instruction-tuned sibling of the model, or name a template in `data: chat_template_path`.',
  },
  'data/bad-csv': {
    when: 'A CSV or TSV file has a quote in the wrong place, or one that never closes.',
    remedy:
      'Correct the quotes: a field that holds the separator, a quote or a line break stands in double quotes, and a quote in it is doubled.',
  },
  'data/bad-parquet': {
    when: 'A file that ends in `.parquet` is none, is cut off or is damaged.',
    remedy: 'Fetch or write the file again; a file of another kind needs the ending of that kind.',
  },
  'data/bad-gzip': {
    when: 'A file that ends in `.gz` is not gzip, or is cut off.',
    remedy: 'Compress or download it again.',
  },
  'data/bad-header': {
    when: 'The header of a CSV or TSV file has an empty name, or a name twice.',
    remedy: 'Give each column a name of its own in the first line.',
  },
  'data/bad-json': {
    when: 'A JSON or JSON Lines file does not hold what it should: JSON objects, one a line or in one list.',
    remedy: 'Correct the line that is named.',
  },
  'data/bad-row': {
    when: 'A row has more or fewer fields than the header, or a value that is no text where a text is needed.',
    remedy: 'Correct the row that is named.',
  },
  'data/empty': {
    when: 'A file or a split has no rows.',
    remedy: 'Point `files:` at a file with rows.',
  },
  'data/empty-label': {
    when: 'A row has no label.',
    remedy: 'Give it one, or remove the row.',
  },
  'data/empty-text': {
    when: 'A row has no text.',
    remedy: 'Give it one, or remove the row.',
  },
  'data/bad-labels': {
    when: 'A row has something else than a label, than a list of labels, or than 0 or 1 in a column of a label.',
    remedy:
      'Write a text or a number; of several labels a JSON list, labels with `label_separator` between them, or 0 and 1.',
  },
  'data/no-number': {
    when: 'A row of a regression has no number.',
    remedy: 'Correct the number, or delete the row.',
  },
  'data/held-out': {
    when: '`train_test_split` cannot hold rows out of a split: none would be left, one side could not hold every value of the column to stratify by, or there is no such column.',
    remedy: 'Take another `test_size`, or remove `stratify_by_column`.',
  },
  'data/label-count': {
    when: 'The data has another number of labels than the run asks for.',
    remedy: 'Set `num_labels` to the number of labels, or correct the data.',
  },
  'data/line-too-long': {
    when: 'A line is longer than any row could be: the file is probably something else.',
    remedy: 'Check that the file is what its ending says.',
  },
  'data/max-length': {
    when: '`max_length` leaves no room for a token of the text.',
    remedy: 'Take a larger `max_length`.',
  },
  'data/missing-column': {
    when: 'One of several files of a split, or a row, lacks a column that the others have.',
    remedy: 'Give all files of a split the same columns.',
  },
  'data/missing-split': {
    when: 'A data set has no split of that name.',
    remedy: 'Take one of its splits, or add it under `files`.',
  },
  'data/no-match': {
    when: 'No file fits a pattern in `files`.',
    remedy: 'Correct the pattern; it is relative to the config.',
  },
  'data/not-in-cache': {
    when: 'A file of a data set of the Hugging Face Hub is not in the cache of this machine.',
    remedy: 'Start a run that names it, which fetches it.',
  },
  'data/unclear-format': {
    when: 'A data set does not say its `format`, and its columns are those of several formats, or of none that the task reads.',
    remedy: 'Write `format`, and name the columns in `columns` where they have other names.',
  },
  'data/not-list': {
    when: 'A column that should hold lists, of words or of tags, holds something else.',
    remedy: 'Give a JSON list, or a CoNLL file.',
  },
  'data/not-text': {
    when: 'A file is not UTF-8, or a column that should hold texts holds something else.',
    remedy: 'Save it as UTF-8; write the values as texts, or name another column.',
  },
  'data/unequal-lists': {
    when: 'A row has another number of tags than of words.',
    remedy: 'Give each word one tag.',
  },
  'data/unknown-format': {
    when: 'The ending of a file does not say how to read it.',
    remedy:
      'Use .csv, .tsv, .json, .jsonl, .ndjson, .txt or .conll, each also with `.gz` behind it, or .parquet.',
  },
  'data/unknown-label': {
    when: 'A row has a label that the list of labels does not have.',
    remedy: 'Correct the label, or add it to `labels`.',
  },
  'file/missing': {
    when: 'A file that is needed does not exist.',
    remedy: 'Correct the path, or make the file.',
  },
  'file/lfs-pointer': {
    when: 'A file of data or of a model is only the pointer that Git LFS keeps in its place.',
    remedy: 'Run `git lfs pull` in its folder, or download the file itself.',
  },
  'file/unreadable': {
    when: 'A file is there and cannot be read.',
    remedy: 'Give yourself permission to read it; name a file, not a folder.',
  },
  'model/adapter-unsupported': {
    when: 'An adapter has settings or weights that the trainer does not compute, or was trained on another adapter.',
    remedy: 'Merge it into its base model with PEFT, and name that folder.',
  },
  'model/bad-config': {
    when: 'A `config.json`, an `adapter_config.json` or another file of a model folder cannot be read or contradicts itself.',
    remedy: 'Copy the folder again, or correct the field that is named.',
  },
  'model/missing': {
    when: 'There is no model folder of that name.',
    remedy: 'Correct the path; it is relative to the config.',
  },
  'model/missing-weights': {
    when: 'The weights of a model or of an adapter lack some that its config asks for.',
    remedy: 'Copy the folder again; its files are of different models, or one is missing.',
  },
  'model/no-adapter-base': {
    when: 'An adapter does not say which model it was trained on, or that model is not there.',
    remedy: 'Set `base_model_name_or_path` in its `adapter_config.json` to the folder of the model.',
  },
  'model/no-config': {
    when: 'A folder has no `config.json`, so it is not a model folder.',
    remedy: 'Name the folder that `save_pretrained` wrote.',
  },
  'model/no-head': {
    when: 'A model of this family has no head for the task of the run.',
    remedy: 'Take another task, or a model of a family that does it.',
  },
  'model/no-weights': {
    when: 'A model folder has no `model.safetensors`.',
    remedy: 'Copy the weights into it, in safetensors format.',
  },
  'model/other-base': {
    when: 'An adapter does not fit the model that it lies over: the message has both and the first tensor that does not fit.',
    remedy:
      'Set `base_model_name_or_path` in its `adapter_config.json` to the model that it was trained on, or train an adapter of this one.',
  },
  'model/quantized': {
    when: 'The `config.json` of a model has a `quantization_config`: its weights are stored as codes.',
    remedy: 'Take the model that it was made from.',
  },
  'model/shape-mismatch': {
    when: 'The weights of a model have other shapes than its `config.json`, or the number of labels of the run, asks for.',
    remedy:
      'Put back the `config.json` that was saved with the weights. A head gets a new one with `ignore_mismatched_sizes: true` in `model:`; or set `num_labels` to what it was trained for.',
  },
  'model/unknown-architecture': {
    when: 'The model is of a family that this version cannot train.',
    remedy: 'Take a model of a family that it names.',
  },
  'model/vocabulary-mismatch': {
    when: 'A tokenizer has more tokens than the embedding of the model has rows. Fewer are usual.',
    remedy:
      'Take the tokenizer that was saved with the model, or give the model rows for the tokens in transformers (`resize_token_embeddings`).',
  },
  'run/lora-needs-base': {
    when: 'LoRA would leave a head of the model at the random weights that it starts from.',
    remedy: 'Train the model whole first, `method: { full: {} }`.',
  },
  'run/no-target-modules': {
    when: 'No linear layer of the model is left for `target_modules`.',
    remedy: 'Name layers that the model has, or take `all-linear`.',
  },
  'run/not-linear': {
    when: '`target_modules` names modules of the model that are no linear layers.',
    remedy: 'Name linear layers only; `modules_to_save` trains another module whole.',
  },
  'run/other-adapter': {
    when: 'A run goes on with an adapter and asks for other settings of LoRA than the adapter has.',
    remedy: 'Leave these fields out, or train the merged model whole.',
  },
  'run/tied-module': {
    when: '`modules_to_save` takes in a weight that the model uses twice, and that PEFT could only part.',
    remedy: 'Name modules without it, or let `target_modules` adapt linear layers.',
  },
  'safetensors/corrupt': {
    when: 'A safetensors file contradicts itself.',
    remedy: 'Download or copy it again, and compare its size with the original.',
  },
  'safetensors/dtype': {
    when: 'A tensor is of a type that the trainer does not read.',
    remedy: 'Save the model as F32, F16 or BF16.',
  },
  'safetensors/missing-tensor': {
    when: 'The weights lack a tensor that the model needs.',
    remedy: 'Take the weights that belong to this `config.json`.',
  },
  'safetensors/truncated': {
    when: 'A safetensors file is cut off: a download or copy did not finish.',
    remedy: 'Fetch it again.',
  },
  'tokenizer/corrupt': {
    when: 'The files of a tokenizer cannot be read.',
    remedy: 'Copy them again from the model they belong to.',
  },
  'tokenizer/missing': {
    when: 'A model folder has no tokenizer.',
    remedy: 'Copy `tokenizer.json` into it, or name a folder that has one under `model.tokenizer`.',
  },
};
