/** What a step of ours spends on matrix products, by onnxruntime's own profile. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './numbers.mjs';
import { trainOurs } from './ours.mjs';

const PRODUCTS = new Set(['Gemm', 'MatMul', 'FusedMatMul', 'FusedGemm', 'MatMulNBits', 'MatMulBnb4']);

/** Milliseconds that the matrix products of one step take (median of the profiled steps). */
export async function productsPerStep(folder, documents, name) {
  return median(perStep(await profile(folder, documents, name)).map((step) => step.products));
}

/** Every operator of the median step, in milliseconds: `{ Gemm: 120.5, … }`, largest first. */
export async function operatorTimes(folder, documents, name) {
  const steps = perStep(await profile(folder, documents, name));
  const total = new Map();
  for (const { operators } of steps) {
    for (const [op, ms] of operators) total.set(op, (total.get(op) ?? 0) + ms / steps.length);
  }
  return Object.fromEntries([...total].sort((a, b) => b[1] - a[1]));
}

/** Trains with TUNEBOOK_PROFILE set: onnxruntime writes a Chrome trace when the training session ends. */
async function profile(folder, documents, name) {
  const out = mkdtempSync(join(folder, 'profile-'));
  try {
    await trainOurs(folder, documents, name, { env: { TUNEBOOK_PROFILE: join(out, 'step') } });
    const file = readdirSync(out).find((entry) => entry.endsWith('.json'));
    if (!file) throw new Error('onnxruntime wrote no profile');
    return JSON.parse(readFileSync(join(out, file), 'utf8'));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Operator times of each run of the session. The first run is left out: it sets memory up. */
function perStep(trace) {
  const nodes = trace.filter((event) => event.cat === 'Node' && event.name.endsWith('_kernel_time'));
  const runs = trace.filter((event) => event.name === 'model_run').slice(1);
  return runs.map(({ ts, dur }) => {
    const operators = new Map();
    for (const node of nodes) {
      if (node.ts < ts || node.ts > ts + dur) continue;
      operators.set(node.args.op_name, (operators.get(node.args.op_name) ?? 0) + node.dur / 1000);
    }
    const products = [...operators].reduce((sum, [op, ms]) => (PRODUCTS.has(op) ? sum + ms : sum), 0);
    return { operators, products };
  });
}
