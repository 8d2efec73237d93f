/** How texts, prompts and conversations become examples of a causal language model. */
export interface LanguageModelOptions {
  /** Tokens that a row may have. */
  max_length: number;
  packing: boolean;
  packing_strategy: 'bfd' | 'wrapped';
  /** Whether the loss is that of the completion alone; a whole text is all completion. */
  completion_only_loss: boolean;
  /** Whether the loss is that of the assistant's turns alone; of a turn with `weight: 0` there is none then. */
  assistant_only_loss?: boolean;
  /** A chat template to use instead of the tokenizer's own. */
  chat_template_path?: string;
  /** Rows that are read at most; all of them when absent. */
  most?: number;
  signal?: AbortSignal;
  /** Called now and then with the rows done so far. */
  onProgress?: (rows: number) => void;
}

/** One example: its tokens, and which of them are to be predicted. */
export interface Example {
  readonly ids: readonly number[];
  /** From and up to which token each stretch that counts reaches. */
  readonly counted: readonly (readonly [from: number, to: number])[];
}
