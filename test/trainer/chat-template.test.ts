import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { exportModel } from '../../src/trainer/export/export-model.ts';
import { inspectCausalModel } from '../../src/trainer/generate/causal-model.ts';
import { promptTokens } from '../../src/trainer/generate/prompt-tokens.ts';
import { writeCausalModel } from '../support/causal-model.ts';
import { resolvedRun } from './support/resolved-run.ts';
import { trainInFolder } from './support/train-in-folder.ts';

const OWN = `{% for m in messages %}w11 {{ m.content }} {{ eos_token }} {% endfor %}{% if add_generation_prompt %}w12{% endif %}`;

describe('the chat template that a run names', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  const at = (name: string) => join(workspace.path, name);

  for (const [what, former] of [
    ['a base without one', undefined],
    ['a base with another', '{% for m in messages %}w13 {{ m.content }}{% endfor %}'],
  ] as const) {
    it(`goes with the output, the checkpoints and a merged export of an adapter over ${what}`, async () => {
      writeCausalModel(at('base'), former);
      const messages = [
        { role: 'user', content: 'sky is' },
        { role: 'assistant', content: 'blue' },
      ];
      writeFileSync(at('chats.jsonl'), `${JSON.stringify({ messages })}\n`);
      writeFileSync(at('own.jinja'), OWN);
      const run = resolvedRun({
        base: at('base'),
        train: at('chats.jsonl'),
        task: 'text-generation',
        format: 'chat',
        method: { lora: { r: 2, target_modules: 'all-linear' } },
        arguments: { max_steps: 2, save_strategy: 'steps', save_steps: 2 },
        threads: 1,
      });
      const data = { ...run.data, chat_template_path: at('own.jinja') };
      const { dir } = await trainInFolder(workspace.path, { ...run, data });
      const [output, merged] = [join(dir, 'output'), at('merged')];
      rmSync(merged, { recursive: true, force: true });
      await exportModel(
        {
          name: 'deploy',
          file: at('a.tune.yaml'),
          model: output,
          format: 'safetensors',
          quantization: 'none',
          folder: merged,
          merge_adapter: true,
        },
        workspace.path,
      );
      assert.ok(!existsSync(join(merged, 'adapter_config.json')));
      for (const folder of [output, join(dir, 'checkpoint-2'), merged]) {
        assert.equal(readFileSync(join(folder, 'chat_template.jinja'), 'utf8'), OWN);
        const config: unknown = JSON.parse(readFileSync(join(folder, 'tokenizer_config.json'), 'utf8'));
        assert.ok(typeof config === 'object' && config !== null && !('chat_template' in config));
        const model = await inspectCausalModel(folder);
        const ids = promptTokens(model, { user: 'sky is' });
        assert.equal(model.tokenizer.decode(ids), 'w11 sky is </s> w12', folder);
      }
    });
  }
});
