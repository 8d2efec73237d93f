import * as dropout from '../dropout.ts';
import * as loss from '../loss.ts';
import * as normalization from '../normalization.ts';
import * as softmax from '../softmax.ts';
import type { MakeCase } from './op-case.ts';

const norm: (bias: boolean) => MakeCase = (bias) => (draw) => {
  const width = draw.size(3, 6);
  return {
    title: 'rows of a known width',
    inputs: {
      x: draw.rising([draw.dim('tokens'), width]),
      weight: draw.floats([width]),
      ...(bias ? { bias: draw.floats([width]) } : {}),
    },
    build: (g, { x, weight, bias: b }) =>
      b ? normalization.layerNorm(g, x!, weight!, b, 1e-5) : normalization.rmsNorm(g, x!, weight!, 1e-5),
  };
};

const crossEntropy: (options: loss.CrossEntropyOptions) => MakeCase = (options) => (draw) => {
  const classes = draw.size(2, 6);
  return {
    title: `labels that repeat, ${JSON.stringify(options)}`,
    inputs: { logits: draw.floats([draw.dim('rows'), classes]), labels: draw.ids(['rows'], classes) },
    build: (g, { logits, labels }) => loss.crossEntropy(g, logits!, labels!, options),
  };
};

export const normalizationCases: Record<keyof typeof normalization, MakeCase[]> = {
  layerNorm: [norm(true)],
  rmsNorm: [norm(false)],
};

export const softmaxCases: Record<keyof typeof softmax, MakeCase[]> = {
  softmax: [
    (draw) => ({
      title: 'the last of four axes',
      inputs: {
        x: draw.floats([draw.dim('batch', 1, 3), draw.size(1, 3), draw.dim('seq', 1, 3), draw.dim('keys')]),
      },
      build: (g, { x }) => softmax.softmax(g, x!),
    }),
  ],
};

export const dropoutCases: Record<keyof typeof dropout, MakeCase[]> = {
  dropout: [
    (draw) => ({
      title: 'a mask of zeros and kept values',
      inputs: { x: draw.floats([draw.dim('rows', 3, 6), draw.size(3, 6)]) },
      build: (g, { x }) => dropout.dropout(g, x!, 0.4),
    }),
    (draw) => ({
      title: 'a rate of 0, which is no dropout',
      inputs: { x: draw.floats([draw.dim('rows')]) },
      build: (g, { x }) => dropout.dropout(g, x!, 0),
    }),
  ],
};

const outputs: (op: typeof loss.squaredError) => MakeCase = (op) => (draw) => {
  const classes = draw.size(1, 4);
  const labels = { ...draw.positive([draw.dim('rows'), classes]), differentiated: false };
  return {
    title: 'several outputs a row',
    inputs: { x: draw.floats(['rows', classes]), labels },
    build: (g, { x, labels: y }) => op(g, x!, y!),
  };
};

export const lossCases: Record<keyof typeof loss, MakeCase[]> = {
  binaryCrossEntropy: [outputs(loss.binaryCrossEntropy)],
  squaredError: [outputs(loss.squaredError)],
  crossEntropy: [crossEntropy({}), crossEntropy({ labelSmoothing: 0.15 })],
  weightedSum: [
    (draw) => ({
      title: 'losses of rows and their weight',
      inputs: { x: draw.floats([draw.dim('rows')]), weight: draw.floats([]) },
      build: (g, { x, weight }) => loss.weightedSum(g, x!, weight!),
    }),
  ],
};
