import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { writeCausalModel } from '../support/causal-model.ts';
import { writeRowsConfig } from './support/rows-config.ts';
import { workspace } from './support/workspace.ts';

const TEXTS = ['grass is green', 'sky is blue', 'blood is red'].map((text) => ({ text }));

/** Writes of each message its content, and marks what a test has it mark. */
const template = (ofAssistant: string) =>
  `{% for m in messages %}{% if m.role == 'assistant' %}${ofAssistant}{% else %}{{ m.content }} {% endif %}{% endfor %}`;

/** Files that are each right alone: every command says what does not fit, and what to do. */
describe('a model, a tokenizer and a chat template that do not fit each other', () => {
  const space = workspace();

  const config = (rows: readonly object[], format: string, data: object = {}) =>
    writeRowsConfig(space.at, rows, format, { data, train: { max_steps: 1 } });

  /** Each command fails, before the first step, and says the same. */
  async function refuses(commands: readonly string[][], ...said: RegExp[]): Promise<void> {
    for (const args of commands) {
      const { code, stdout, stderr } = await space.at.run(...args);
      assert.ok(code === 1 || code === 3, `${args.join(' ')}: ${stdout}${stderr}`);
      for (const each of said) assert.match(stderr, each, args.join(' ') + stderr);
    }
  }

  const TRAINS = [
    ['plan', 'intents.tune.yaml'],
    ['run', 'intents.tune.yaml'],
  ];
  const ALL = [...TRAINS, ['generate', 'causal', '-p', 'sky is']];

  it('more steps than can be counted are refused where the data say how many an epoch has', async () => {
    writeCausalModel(space.at.path('causal'));
    writeRowsConfig(space.at, TEXTS, 'text', {
      train: { max_steps: -1, num_train_epochs: 1e12 },
    });
    await refuses(
      TRAINS,
      /num_train_epochs is 1000000000000, and an epoch has 2 steps: that is 2000000000000, and the trainer counts to 2147483647\. \[run\/too-many-steps\]/,
      /Take fewer epochs, or set max_steps\./,
    );
  });

  it('as many steps as can be counted are planned at once, however often they save', async () => {
    writeCausalModel(space.at.path('causal'));
    const train = { max_steps: 2147483647, save_steps: 1, save_total_limit: 1 };
    writeRowsConfig(space.at, TEXTS, 'text', { train });
    const began = performance.now();
    const { code, stdout, stderr } = await space.at.run('plan', 'intents.tune.yaml', '--no-probe');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /2,147,483,647/);
    assert.ok(performance.now() - began < 10_000);
  });

  describe('the tokenizer', () => {
    /** Gives the tokenizer more tokens behind the 60 that have a row, or fewer. */
    function tokens(change: (tokenizer: Record<string, unknown>) => void): void {
      writeCausalModel(space.at.path('causal'));
      const file = space.at.path('causal', 'tokenizer.json');
      // SAFETY: writeCausalModel has just written an object.
      const tokenizer = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
      change(tokenizer);
      writeFileSync(file, JSON.stringify(tokenizer));
    }
    const added = (id: number, content: string) => {
      const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
      return { id, content, ...plain };
    };

    it('has a token more than the embedding has rows, as where padding was added: it is named', async () => {
      tokens((tokenizer) => {
        tokenizer['added_tokens'] = [
          added(0, '<unk>'),
          added(1, '<s>'),
          added(2, '</s>'),
          added(60, '<pad>'),
        ];
      });
      config(TEXTS, 'text');
      await refuses(
        ALL,
        /The tokenizer in .*causal has 61 tokens, but the model's embedding has only 60 rows \(vocab_size in .*causal.config\.json\): "<pad>" \(60\) has no row\./,
        /resize_token_embeddings/,
      );
    });

    it('is of another model: it says how many tokens have no row', async () => {
      tokens((tokenizer) => {
        const words = Array.from({ length: 100 }, (_, id) => [`v${id}`, id] as const);
        tokenizer['model'] = {
          type: 'WordLevel',
          vocab: { ...Object.fromEntries(words), '<unk>': 100, '<s>': 101, '</s>': 102 },
          unk_token: '<unk>',
        };
        tokenizer['added_tokens'] = [added(100, '<unk>'), added(101, '<s>'), added(102, '</s>')];
      });
      config(TEXTS, 'text');
      await refuses(
        ALL,
        /has 103 tokens, but the model's embedding has only 60 rows \(.*\): 43 tokens have no row\./,
        /The tokenizer is of another model: take the one that was saved with this model\./,
      );
    });

    it('may have fewer tokens than there are rows', async () => {
      tokens((tokenizer) => {
        const words = ['<unk>', '<s>', '</s>', 'red', 'green', 'blue', 'sky', 'grass', 'blood', 'is'];
        const vocab = Object.fromEntries(words.map((word, id) => [word, id]));
        tokenizer['model'] = { type: 'WordLevel', vocab, unk_token: '<unk>' };
      });
      config(TEXTS, 'text');
      for (const args of ALL) {
        const { code, stderr } = await space.at.run(...args);
        assert.equal(code, 0, `${args.join(' ')}: ${stderr}`);
      }
    });
  });

  describe('a chat template and assistant_only_loss', () => {
    const talk = (role = 'assistant', question = 'sky') => ({
      messages: [
        { role: 'user', content: question },
        { role, content: 'blue' },
      ],
    });
    const SAYS_WHAT_TO_DO =
      /Put \{% generation %\} and \{% endgeneration %\} around what the template writes of the assistant, take another with `chat_template_path`, or set assistant_only_loss: false\./;

    it('marks nothing: an empty block is the cause', async () => {
      writeCausalModel(
        space.at.path('causal'),
        template('{% generation %}{% endgeneration %}{{ m.content }} '),
      );
      config([talk(), talk()], 'chat', { assistant_only_loss: true });
      await refuses(
        TRAINS,
        /No row has a token to predict: the chat template in .*causal.tokenizer_config\.json has nothing between \{% generation %\} and \{% endgeneration %\}/,
        SAYS_WHAT_TO_DO,
      );
    });

    it('leaves out what the assistant says', async () => {
      writeCausalModel(space.at.path('causal'), template(''));
      config([talk(), talk()], 'chat', { assistant_only_loss: true });
      await refuses(
        TRAINS,
        /the chat template in .*tokenizer_config\.json writes nothing of what the assistant says/,
        SAYS_WHAT_TO_DO,
      );
    });

    it('without marks finds the turns of the assistant by itself; with a full block too', async () => {
      for (const ofAssistant of ['{{ m.content }} ', '{% generation %}{{ m.content }} {% endgeneration %}']) {
        writeCausalModel(space.at.path('causal'), template(ofAssistant));
        config([talk(), talk()], 'chat', { assistant_only_loss: true });
        const { code, stderr } = await space.at.run('plan', 'intents.tune.yaml', '--no-probe');
        assert.equal(code, 0, stderr);
      }
    });

    it('is not to blame where nobody is the assistant', async () => {
      writeCausalModel(space.at.path('causal'), template('{{ m.content }} '));
      config([talk('bot'), talk('bot')], 'chat', { assistant_only_loss: true });
      await refuses(
        TRAINS,
        /No row has a token to predict: no conversation has a message of the role "assistant" that counts/,
        /Give what is learnt the role "assistant"/,
      );
    });

    it('is not to blame where every question fills max_length', async () => {
      writeCausalModel(space.at.path('causal'), template('{{ m.content }} '));
      const long = talk('assistant', 'sky '.repeat(8).trim());
      config([long, long], 'chat', { assistant_only_loss: true });
      await refuses(TRAINS, /No row has a token to predict within max_length: 8/, /Raise `max_length`/);
    });
  });
});
