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

const crossEntropy: (parts: number, bias: boolean, labelSmoothing: number) => MakeCase =
  (parts, bias, labelSmoothing) => (draw) => ({
    title: `${parts} parts${bias ? ', a bias' : ''}, smoothing ${labelSmoothing}`,
    inputs: { ...headInputs(draw, bias), weight: { ...draw.positive([]), differentiated: false } },
    build: (g, inputs) => {
      const { hidden, vocabulary, labels, weight } = inputs;
      const of = { hidden: hidden!, weight: vocabulary!, ...(bias ? { bias: inputs['bias']! } : {}), parts };
      return head.linearCrossEntropy(g, of, labels!, weight!, { labelSmoothing });
    },
  });

const logProbabilities: (parts: number, bias: boolean) => MakeCase = (parts, bias) => (draw) => ({
  title: `${parts} parts${bias ? ', a bias' : ''}`,
  inputs: headInputs(draw, bias),
  build: (g, inputs) => {
    const { hidden, vocabulary, labels } = inputs;
    const of = { hidden: hidden!, weight: vocabulary!, ...(bias ? { bias: inputs['bias']! } : {}), parts };
    return head.linearLogProbabilities(g, of, labels!);
  },
});

export const linearHeadCases: Record<
  Exclude<keyof typeof head, 'linearScores' | 'linearMeanLogits'>,
  MakeCase[]
> = {
  linearCrossEntropy: [crossEntropy(1, true, 0), crossEntropy(3, true, 0.2), crossEntropy(3, false, 0)],
  linearLogProbabilities: [logProbabilities(1, false), logProbabilities(3, true)],
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
