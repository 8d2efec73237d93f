import assert from 'node:assert/strict';
import { check } from './check.ts';
import { CheckMemory } from './check-memory.ts';
import type { ParseCache } from './project.ts';
import { WORLD } from './testing/example.ts';
import { CONFIG } from './testing/expect-problem.ts';
import { FUZZ_CORPUS } from './testing/fuzzing/corpus.ts';
import { applied, mutation } from './testing/fuzzing/mutate.ts';
import { Seeded } from './testing/fuzzing/seeded.ts';
import { MemoryHost, type MemoryWorld } from './testing/memory-host.ts';

const NEIGHBOURS = ['/w/more.tune.yaml', '/w/sub/other.tune.yaml', '/w/notes.tunebook.md'];

const OTHER = `run: full
extends: ../more.tune.yaml#full
train: { seed: 3 }
---
run: again
extends: full
data: { train: ../more.tune.yaml#intents.train }
`;

/** Documents in an order of their own: what moves, and what comes twice. */
function reordered(text: string, random: Seeded): string {
  const documents = text.split(/^---\n/m);
  const [moved = ''] = documents.splice(random.below(documents.length), 1);
  const copies = random.below(3);
  for (let copy = 0; copy < copies; copy++) documents.splice(random.below(documents.length + 1), 0, moved);
  return documents.join('---\n');
}

function lineAdded(text: string, random: Seeded): string {
  const lines = text.split('\n');
  lines.splice(random.below(lines.length), 0, random.pick(['', '# a comment', '---']));
  return lines.join('\n');
}

/** One random change of the files, the disk or what is known of data. */
function change(world: MemoryWorld, random: Seeded): MemoryWorld {
  const path = random.pick([CONFIG, CONFIG, ...NEIGHBOURS]);
  const before = String(world.files[path]);
  const { files } = world;
  switch (random.below(8)) {
    case 0:
      return { ...world, files: { ...files, [path]: reordered(before, random) } };
    case 1:
    case 2:
      return { ...world, files: { ...files, [path]: lineAdded(before, random) } };
    case 3: {
      const path = '/w/train.csv';
      const { [path]: facts, ...others } = WORLD.data ?? {};
      const data = random.pick([others, { ...others, ...(facts && { [path]: facts }) }]);
      return { ...world, data };
    }
    case 4:
      return { ...world, runs: random.pick([[], ['full'], ['gone']]) };
    case 5:
      return { ...world, workspace: random.pick(['/w', '/elsewhere']) };
    default:
      return { ...world, files: { ...files, [path]: applied(before, mutation(before, random)) } };
  }
}

describe('a check that remembers the last one', function () {
  this.timeout(300_000);

  for (let seed = 1; seed <= 12; seed++) {
    it(`finds what a check from scratch finds, in the edits of seed ${seed}`, async () => {
      const random = new Seeded(seed);
      const more = FUZZ_CORPUS[2] ?? '';
      let world: MemoryWorld = {
        ...WORLD,
        workspace: '/w',
        files: {
          ...WORLD.files,
          [CONFIG]: random.pick(FUZZ_CORPUS),
          '/w/more.tune.yaml': random.pick([more, FUZZ_CORPUS[0] ?? '']),
          '/w/sub/other.tune.yaml': OTHER,
          '/w/notes.tunebook.md': `# Notes\n\n\`\`\`yaml tune\n${OTHER.replaceAll('../', '')}\`\`\`\n`,
        },
      };
      const cache: ParseCache = new Map();
      const memory = new CheckMemory();
      const history = [world];
      for (let step = 0; step < 25; step++) {
        if (history.length > 1 && random.below(3) === 0) world = history.splice(-1)[0] ?? world;
        else history.push((world = change(world, random)));
        const host = new MemoryHost(world);
        const paths = [CONFIG, ...NEIGHBOURS];
        const remembered = await check(paths, host, { cache, memory });
        const fresh = await check(paths, host);
        assert.deepEqual(remembered, fresh, `step ${step}: ${JSON.stringify(world.files, null, 1)}`);
      }
    });
  }
});
