import type { Tensor } from '../../graph.ts';
import * as head from '../head.ts';
import * as rotary from '../rotary.ts';
import type { Draw, MakeCase } from './op-case.ts';

/** Hidden states, a vocabulary and labels; with fewer rows than parts some parts are empty. */
function headInputs(draw: Draw, bias: boolean) {
  const [vocab, width] = [draw.size(3, 6), draw.size(2, 4)];
  return {
    hidden: draw.floats([draw.dim('targets', 1, 7), width]),
    vocabulary: draw.floats([vocab, width]),
    ...(bias ? { bias: draw.floats([vocab]) } : {}),
    labels: draw.ids(['targets'], vocab),
  };
}

interface HeadOptions {
  readonly parts: number;
  readonly bias?: boolean;
  readonly softcap?: number;
}

function describe({ parts, bias, softcap }: HeadOptions): string {
  return `${parts} parts${bias ? ', a bias' : ''}${softcap === undefined ? '' : `, capped at ${softcap}`}`;
}

function headOf(
  inputs: Readonly<Record<string, Tensor>>,
  { parts, bias, softcap }: HeadOptions,
): head.LinearHead {
  const { hidden, vocabulary } = inputs;
  return {
    hidden: hidden!,
    weight: vocabulary!,
    ...(bias ? { bias: inputs['bias']! } : {}),
    softcap,
    parts,
  };
}

const crossEntropy: (options: HeadOptions, labelSmoothing: number) => MakeCase =
  (options, labelSmoothing) => (draw) => ({
    title: `${describe(options)}, smoothing ${labelSmoothing}`,
    inputs: {
      ...headInputs(draw, options.bias ?? false),
      weight: { ...draw.positive([]), differentiated: false },
    },
    build: (g, inputs) =>
      head.linearCrossEntropy(g, headOf(inputs, options), inputs['labels']!, inputs['weight']!, {
        labelSmoothing,
      }),
  });

const logProbabilities: (options: HeadOptions) => MakeCase = (options) => (draw) => ({
  title: describe(options),
  inputs: headInputs(draw, options.bias ?? false),
  build: (g, inputs) => head.linearLogProbabilities(g, headOf(inputs, options), inputs['labels']!),
});

export const linearHeadCases: Record<
  Exclude<keyof typeof head, 'linearScores' | 'linearMeanLogits'>,
  MakeCase[]
> = {
  linearCrossEntropy: [
    crossEntropy({ parts: 1, bias: true }, 0),
    crossEntropy({ parts: 3, bias: true }, 0.2),
    crossEntropy({ parts: 3 }, 0),
    crossEntropy({ parts: 3, bias: true, softcap: 1.5 }, 0.2),
  ],
  linearLogProbabilities: [
    logProbabilities({ parts: 1 }),
    logProbabilities({ parts: 3, bias: true }),
    logProbabilities({ parts: 3, softcap: 1.5 }),
  ],
};

export const rotaryCases: Record<keyof typeof rotary, MakeCase[]> = {
  rotary: [
    (draw) => {
      const [heads, half] = [draw.size(1, 3), draw.size(1, 3)];
      const angles = draw.floats([draw.dim('tokens'), half]).values;
      const table = (of: (angle: number) => number) =>
        draw.fixed(['tokens', half], angles.map(of), 'float32');
      return {
        title: 'heads of halves',
        inputs: {
          x: draw.floats(['tokens', heads * 2 * half]),
          cos: table((angle) => Math.cos(3 * angle)),
          sin: table((angle) => Math.sin(3 * angle)),
        },
        build: (g, { x, cos, sin }) => rotary.rotary(g, x!, cos!, sin!),
      };
    },
  ],
};
