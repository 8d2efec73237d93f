import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  ARCHITECTURE_FIELDS,
  CONFIG_CLASSES,
  familiesWith,
  familyDefault,
  SCRATCH_FAMILIES,
  withFamilyDefaults,
} from '../../src/language/schema/architecture-defaults.ts';
import { ArchitectureSchema } from '../../src/language/schema/architecture.ts';
import { LoraSchema } from '../../src/language/schema/lora.ts';
import { TrainSchema } from '../../src/language/schema/training.ts';
import { familyOf, KNOWN_MODEL_TYPES, parseModelConfig } from '../../src/trainer/models/config.ts';

/** What python/make_defaults_fixture.py wrote. */
interface Defaults {
  TrainingArguments: Record<string, unknown>;
  LoraConfig: Record<string, unknown>;
  target_modules: Record<string, string[]>;
  configs: Record<string, Record<string, unknown>>;
}

// SAFETY: the file is made by python/make_defaults_fixture.py, which writes this shape.
const theirs = JSON.parse(
  readFileSync(new URL('../fixtures/huggingface-defaults.json', import.meta.url), 'utf8'),
) as Defaults;

interface Field {
  default?: unknown;
  'x-counterpart'?: string;
}

/** The fields of a schema as its JSON has them. */
function fieldsOf(schema: unknown): [string, Field][] {
  // SAFETY: an object schema has its fields under `properties`.
  const { properties } = JSON.parse(JSON.stringify(schema)) as { properties: Record<string, Field> };
  return Object.entries(properties);
}

describe('fields that carry a Hugging Face name', () => {
  // Early stopping is a callback there, and samples and numbers of the machine are written by none.
  const isElsewhere = ([name]: [string, Field]) =>
    /^(early_stopping_|sample_|log_system_metrics$)/.test(name);
  // Transformers turns the word into the list of those that are reported to.
  const asWritten = (name: string, value: unknown) =>
    name === 'report_to' && Array.isArray(value) && value.length === 0 ? 'none' : value;
  for (const [name, field] of fieldsOf(TrainSchema).filter((entry) => !isElsewhere(entry))) {
    it(`train.${name} is a TrainingArguments field with the same default`, () => {
      assert.equal(field['x-counterpart'], `transformers.TrainingArguments.${name}`);
      assert.ok(name in theirs.TrainingArguments, `transformers has no ${name}`);
      assert.deepEqual(field.default, asWritten(name, theirs.TrainingArguments[name]));
    });
  }

  for (const [name, field] of fieldsOf(LoraSchema)) {
    it(`lora.${name} is a LoraConfig field with the same default`, () => {
      assert.equal(field['x-counterpart'], `peft.LoraConfig.${name}`);
      assert.ok(name in theirs.LoraConfig, `PEFT has no ${name}`);
      assert.deepEqual(field.default ?? null, theirs.LoraConfig[name]);
    });
  }

  for (const [model_type, modules] of Object.entries(theirs.target_modules)) {
    it(`without target_modules LoRA adapts the layers of ${model_type} that PEFT adapts`, () => {
      const config = parseModelConfig({ model_type }, 'config.json');
      assert.deepEqual(familyOf(config).loraTargets, modules);
    });
  }
});

describe('the architecture of a model from scratch', () => {
  it('is of every family that the trainer computes', () =>
    assert.deepEqual([...SCRATCH_FAMILIES].sort(), [...KNOWN_MODEL_TYPES].sort()));

  it('has no field but those of the families, and they all', () => {
    const own = ['model_type', 'vocab_size'];
    const names = fieldsOf(ArchitectureSchema).map(([name]) => name);
    assert.deepEqual(names.filter((name) => !own.includes(name)).sort(), [...ARCHITECTURE_FIELDS].sort());
  });

  for (const family of SCRATCH_FAMILIES) {
    const config = theirs.configs[family] ?? assert.fail(`the fixture has no ${family}`);

    it(`${family}: every field is one of its config, with the same default`, () => {
      assert.equal(CONFIG_CLASSES[family], config['class']);
      for (const name of ARCHITECTURE_FIELDS.filter((each) => familiesWith(each).includes(family))) {
        assert.ok(name in config, `transformers has no ${name}`);
        assert.equal(familyDefault(family, name) ?? null, config[name], name);
      }
    });

    it(`${family}: means the same unsaid, with our defaults, and with theirs`, () => {
      const unsaid = parseModelConfig({ model_type: family }, 'config.json');
      assert.deepEqual(parseModelConfig(withFamilyDefaults({ model_type: family }), 'config.json'), unsaid);
      assert.deepEqual(parseModelConfig({ ...config, model_type: family }, 'config.json'), unsaid);
    });
  }
});
