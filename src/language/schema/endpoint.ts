import Type from 'typebox';

const of = (name: string) => `openai.OpenAI(${name})`;

/** `endpoint:`: a model behind an HTTP API that speaks OpenAI's protocol. */
export const EndpointSchema = Type.Object(
  {
    base_url: Type.String({
      description:
        'The address of an API that speaks OpenAI’s protocol, up to the version: `http://localhost:8080/v1`. Servers such as llama.cpp, vLLM and Ollama have one.',
      minLength: 1,
      'x-counterpart': of('base_url'),
    }),
    model: Type.String({
      description: 'The name of the model, as the API calls it.',
      minLength: 1,
      'x-counterpart': 'openai.chat.completions.create(model)',
    }),
    api_key_env: Type.Optional(
      Type.String({
        description:
          'The name of the environment variable that holds the key, never the key itself. Where it is not set, and where this field is not, the key is taken that `Tunebook: Set Endpoint Key` of VS Code keeps for the address; without one none is sent.',
        minLength: 1,
        examples: ['OPENAI_API_KEY'],
        'x-counterpart': of('api_key'),
      }),
    ),
    timeout: Type.Optional(
      Type.Number({
        description: 'Seconds to wait for an answer.',
        default: 600,
        exclusiveMinimum: 0,
        'x-counterpart': of('timeout'),
      }),
    ),
    max_retries: Type.Optional(
      Type.Integer({
        description:
          'How often a request is sent again where the API is busy or cannot be reached, each time after a longer pause.',
        default: 2,
        minimum: 0,
        maximum: 20,
        'x-counterpart': of('max_retries'),
      }),
    ),
    max_concurrency: Type.Optional(
      Type.Integer({
        description: 'How many requests are under way at once. Latency is that of a single request.',
        default: 4,
        minimum: 1,
        maximum: 256,
      }),
    ),
    requests_per_minute: Type.Optional(
      Type.Integer({
        description:
          'How many requests the API takes within a minute; more wait for their turn. Unset sends them as fast as they are answered.',
        minimum: 1,
        'x-counterpart': 'litellm_params: rpm',
      }),
    ),
    tokens_per_minute: Type.Optional(
      Type.Integer({
        description:
          'How many tokens, of prompts and answers, the API takes within a minute. A request counts as its prompt and `max_new_tokens` until the API has told what it took.',
        minimum: 1,
        'x-counterpart': 'litellm_params: tpm',
      }),
    ),
    input_price: Type.Optional(
      Type.Number({
        description: 'What a million input tokens cost, in your currency; the metric `cost` needs it.',
        minimum: 0,
      }),
    ),
    output_price: Type.Optional(
      Type.Number({
        description: 'What a million output tokens cost, in your currency; the metric `cost` needs it.',
        minimum: 0,
      }),
    ),
  },
  {
    description: 'A model behind an HTTP API that speaks OpenAI’s protocol.',
    additionalProperties: false,
    'x-counterpart': 'openai.OpenAI',
  },
);
